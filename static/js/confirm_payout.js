// Asks the leader to confirm a transfer, where WeChat offers to; elsewhere the text says where.
"use strict";

const button = document.querySelector("[data-confirm-payout]");

function offer() {
  button.hidden = false;
  button.addEventListener("click", () => {
    const { merchant: mchId, app: appId, package: packageInfo } = button.dataset;
    button.disabled = true;
    window.WeixinJSBridge.invoke(
      "requestMerchantTransfer",
      { mchId, appId, package: packageInfo },
      () => window.location.reload(),
    );
  });
}

if (button && window.WeixinJSBridge) {
  offer();
} else if (button) {
  document.addEventListener("WeixinJSBridgeReady", offer, { once: true });
}
