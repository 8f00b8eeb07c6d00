"""WeChat Pay's merchant transfer (商家转账) with confirmation by the payee, API v3.

Refusals are not believed by themselves: the documents ask to query before a
number is given up, and so does this adapter.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wechatpayv3.type import RequestType
from wechatpayv3.utils import load_public_key, rsa_encrypt

from fulfillment.domain.payouts import PayoutOrder, PayoutReport, PayoutStatus
from orders.errors import GatewayRefused
from orders.integrations.wechat_answers import answer_facts, fen_of, making_sense, text_of
from orders.integrations.wechat_line import WeChatLine, WeChatPaySettings

PATH = "/v3/fund-app/mch-transfer/transfer-bills"
BY_OUR_NO = f"{PATH}/out-bill-no/"
REMARK_MAX = 32
# From this amount on the payee's name has to be sent, and is checked there.
NAMED_FROM_FEN = 30
STATES = {
    "ACCEPTED": PayoutStatus.ON_ITS_WAY,
    "PROCESSING": PayoutStatus.ON_ITS_WAY,
    "TRANSFERING": PayoutStatus.ON_ITS_WAY,
    "CANCELING": PayoutStatus.ON_ITS_WAY,
    "WAIT_USER_CONFIRM": PayoutStatus.WAIT_CONFIRM,
    "SUCCESS": PayoutStatus.PAID,
    "FAIL": PayoutStatus.FAILED,
    "CANCELLED": PayoutStatus.EXPIRED,
}
# A failure that says that nobody confirmed in time.
OVERDUE = "OVERDUE_CLOSE"
UNKNOWN_CODES = {"NOT_FOUND", "RECORD_NOT_EXISTS", "RESOURCE_NOT_EXISTS"}


class WeChatPayouts:
    """Transfers to people's WeChat balance as a `PayoutProvider`."""

    calls_at_once = 4

    def __init__(self, config: WeChatPaySettings, *, scene_id: str, scene_job: str) -> None:
        platform_key = Path(config.platform_key_file).read_text(encoding="ascii")
        merchant_key = Path(config.merchant_key_file).read_text(encoding="ascii")
        self._config = config
        self._scene_id = scene_id
        self._scene_job = scene_job
        self._platform_key = load_public_key(platform_key)
        self._line = WeChatLine(config, merchant_key, platform_key)

    def submit(self, order: PayoutOrder) -> PayoutReport:
        """Ask for a transfer; after a refusal, ask what became of the number."""
        facts = {
            "appid": self._config.app_id,
            "out_bill_no": order.payout_no,
            "transfer_scene_id": self._scene_id,
            "openid": order.openid,
            "transfer_amount": order.amount_fen,
            "transfer_remark": order.remark[:REMARK_MAX],
            "transfer_scene_report_infos": [
                {"info_type": "岗位类型", "info_content": self._scene_job},
                {"info_type": "报酬说明", "info_content": order.remark[:REMARK_MAX]},
            ],
        }
        if order.amount_fen >= NAMED_FROM_FEN:
            facts["user_name"] = rsa_encrypt(text=order.legal_name, public_key=self._platform_key)
        try:
            answer = answer_facts(self._line.request(PATH, RequestType.POST, facts))
        except GatewayRefused as refused:
            return self._after_refusal(order, refused)
        with making_sense():
            return _report(answer, order.payout_no)

    def query(self, payout_no: str) -> PayoutReport:
        """Return its word on a transfer."""
        try:
            answer = answer_facts(self._line.request(BY_OUR_NO + payout_no))
        except GatewayRefused as refused:
            if refused.details["provider_code"] not in UNKNOWN_CODES:
                raise
            return PayoutReport(payout_no=payout_no, status=PayoutStatus.UNKNOWN)
        with making_sense():
            return _report(answer, payout_no)

    def cancel(self, payout_no: str) -> None:
        """Ask for the end; that it cannot be ended any more is told by the next query."""
        try:
            answer_facts(self._line.request(f"{BY_OUR_NO}{payout_no}/cancel", RequestType.POST))
        except GatewayRefused as refused:
            if refused.details["provider_code"] not in UNKNOWN_CODES | {"INVALID_REQUEST"}:
                raise

    def _after_refusal(self, order: PayoutOrder, refused: GatewayRefused) -> PayoutReport:
        report = self.query(order.payout_no)
        if report.status is not PayoutStatus.UNKNOWN:
            return report
        return PayoutReport(
            payout_no=order.payout_no,
            status=PayoutStatus.FAILED,
            reason=str(refused.details["provider_code"]),
        )


def _report(facts: Mapping[str, Any], payout_no: str) -> PayoutReport:
    if facts["out_bill_no"] != payout_no:
        raise ValueError("the answer is about another transfer")
    status = STATES[facts["state"]]
    reason = str(facts.get("fail_reason", ""))
    if status is PayoutStatus.FAILED and reason == OVERDUE:
        status = PayoutStatus.EXPIRED
    return PayoutReport(
        payout_no=payout_no,
        status=status,
        # The answer to the first request names no amount; a query does.
        amount_fen=fen_of(facts, "transfer_amount") if "transfer_amount" in facts else None,
        provider_no=text_of(facts, "transfer_bill_no"),
        confirm_with=str(facts.get("package_info", "")),
        reason=reason,
    )
