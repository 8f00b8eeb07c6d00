// Opens a cashier outside this site: inside WeChat by its bridge, elsewhere by its address.
"use strict";

const box = document.querySelector("[data-cashier]");

if (box && box.dataset.cashier === "jsapi") {
  if (window.WeixinJSBridge) {
    pay();
  } else {
    document.addEventListener("WeixinJSBridgeReady", pay, { once: true });
  }
}

function pay() {
  const handed = JSON.parse(document.querySelector("#jsapi-parameters").textContent);
  window.WeixinJSBridge.invoke("getBrandWCPayRequest", handed, (answer) => {
    // Only the provider's word to our server counts; the order page asks for it.
    if (answer.err_msg === "get_brand_wcpay_request:ok") {
      window.location.replace(box.dataset.back);
      return;
    }
    const status = box.querySelector("[data-jsapi-status]");
    status.textContent = status.dataset.failed;
  });
}
