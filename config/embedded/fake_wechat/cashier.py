"""The page where a person pays, behind an H5 address or a QR code."""

import html
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from config.embedded.fake_wechat.books import CHINA, Books, Row
from config.embedded.fake_wechat.errors import ApiError
from config.embedded.fake_wechat.keys import Identity
from config.embedded.fake_wechat.trades import trade_pay

MERCHANT = "团配（演示商户）"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
STYLE = """
body{margin:0;background:#ededed;color:#191919;line-height:1.6;
font-family:-apple-system,"PingFang SC","Microsoft YaHei","Noto Sans SC",sans-serif}
main{max-width:26rem;margin:0 auto;padding:2rem 1rem;text-align:center}
.note{font-size:.8125rem;color:#5c5c5c}
.card{margin:1rem 0;padding:2rem 1rem;background:#fff;border-radius:12px}
.what{margin:0;overflow-wrap:anywhere}
.fen{margin:.5rem 0;font-size:2.5rem;font-weight:600;font-variant-numeric:tabular-nums}
button,.back{display:block;box-sizing:border-box;width:100%;padding:.75rem;border:0;
border-radius:8px;font:inherit;text-decoration:none}
button{background:#087a3f;color:#fff;font-weight:600;cursor:pointer}
.back{margin-top:.75rem;background:#f2f2f2;color:#191919}
:focus-visible{outline:3px solid #087a3f;outline-offset:2px}
"""


def cashier_page(books: Books, query: str) -> str:
    """Return the page of one trade; raise when there is none."""
    trade, back = _trade(books, query), _back(books, query)
    if trade["paid_at"] is not None:
        body = f'<p role="status">支付成功 {_clock(trade["paid_at"])}</p>'
    elif trade["closed_at"] is not None or books.now() > trade["expires_at"]:
        body = '<p role="alert">订单已关闭或已过期，未扣款。</p>'
    else:
        body = (
            f'<p class="note">请在 {_clock(trade["expires_at"])} 前支付</p>'
            f'<form method="post" action="/cashier/pay?{html.escape(query)}">'
            "<button>支付</button></form>"
        )
    if back:
        word = "返回商家" if trade["paid_at"] is not None else "取消，返回商家"
        body += f'<a class="back" href="{html.escape(back)}">{word}</a>'
    return _page(trade, body)


def cashier_pay(books: Books, identity: Identity, query: str) -> str:
    """Pay as the person who pressed the button; return the address to go to."""
    trade = _trade(books, query)
    try:
        trade_pay(books, identity, trade["out_trade_no"])
    except ApiError:
        return f"/cashier/h5?{query}"  # which says why
    return _back(books, query) or f"/cashier/h5?{query}"


def _trade(books: Books, query: str) -> Row:
    prepay_id = parse_qs(query).get("prepay_id", [""])[0]
    trade = books.one("SELECT * FROM trade WHERE prepay_id = ?", prepay_id)
    if trade is None:
        raise ApiError(404, "ORDER_NOT_EXIST", "订单不存在")
    return trade


def _back(books: Books, query: str) -> str:
    """Return where the merchant wants the person back: its own host, or none at all."""
    address = parse_qs(query).get("redirect_url", [""])[0]
    parts = urlsplit(address)
    merchant = urlsplit(_trade(books, query)["notify_url"]).hostname
    is_ours = parts.hostname == merchant or {parts.hostname, merchant} <= LOOPBACK
    is_plain = address.isascii() and address.isprintable()
    return address if parts.scheme in ("http", "https") and is_ours and is_plain else ""


def _page(trade: Row, body: str) -> str:
    yuan = f"{trade['amount_fen'] // 100:,}.{trade['amount_fen'] % 100:02d}"
    return (
        '<!doctype html><html lang="zh-hans"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>微信支付（模拟）</title><style>{STYLE}</style></head><body><main>"
        '<p class="note">模拟的微信支付：不会扣任何钱</p><div class="card">'
        f'<p class="note">{MERCHANT}</p><p class="what">{html.escape(trade["description"])}</p>'
        f'<p class="fen">¥{yuan}</p>{body}</div>'
        f'<p class="note">商户订单号 {html.escape(trade["out_trade_no"])}</p></main></body></html>'
    )


def _clock(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, CHINA).strftime("%H:%M:%S")
