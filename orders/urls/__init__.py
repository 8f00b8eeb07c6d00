"""The residents' shop and what payment providers open and call."""

from django.urls import include, path, re_path

from orders.views import (
    cart,
    checkout,
    claims,
    legal,
    notices,
    proxy,
    resales,
    resident_login,
    resident_orders,
    resident_profile,
    sandbox,
    short_links,
    storefront,
)

shop_pages = [
    path("g/<str:leader_code>/", storefront.shop, name="shop"),
    path("g/<str:leader_code>/cart/", cart.cart, name="cart"),
    path("g/<str:leader_code>/cart/put/", cart.put, name="cart-put"),
    path(
        "g/<str:leader_code>/checkout/<int:campaign_id>/",
        checkout.checkout,
        name="checkout",
    ),
    path("s/<slug:code>/", storefront.short_link, name="short-link"),
    re_path(
        r"^media/(?P<folder>products|licences)/(?P<name>[\w-]+\.jpg)$",
        storefront.photo,
        name="photo",
    ),
    path("rules/<slug:kind>/", legal.rules, name="rules"),
    path("licences/", legal.licences, name="licences"),
]

resident_pages = [
    path("me/", resident_profile.profile, name="resident-profile"),
    path("me/login/", resident_login.log_in, name="resident-login"),
    path("me/privacy/", resident_profile.agree, name="resident-privacy"),
    path("me/logout/", resident_login.log_out, name="resident-logout"),
    path("me/leader/<str:leader_code>/", resident_profile.change_leader, name="change-leader"),
    path("me/orders/", resident_orders.order_list, name="resident-orders"),
    path("me/orders/<str:order_no>/", resident_orders.order, name="resident-order"),
    path("me/orders/<str:order_no>/begin/", resident_orders.pay, name="resident-order-pay"),
    path("me/orders/<str:order_no>/pay/", resident_orders.pay_page, name="resident-pay"),
    path(
        "me/orders/<str:order_no>/lines/<int:line_no>/claim/",
        claims.claim,
        name="resident-claim",
    ),
    path("me/orders/<str:order_no>/cancel/", resident_orders.cancel, name="resident-order-cancel"),
]

leader_pages = [
    path("leader/links/", short_links.links, name="leader-links"),
    path("leader/links/<slug:code>/stop/", short_links.stop, name="leader-link-stop"),
    path("leader/links/<slug:code>/qr.svg", short_links.qr, name="leader-link-qr"),
    path("leader/resales/", resales.resales, name="leader-resales"),
    path("leader/resales/<int:pk>/end/", resales.end, name="leader-resale-end"),
    path("leader/proxy-order/", proxy.proxy_order, name="proxy-order"),
    path("leader/proxy-order/<str:order_no>/", proxy.detail, name="proxy-order-detail"),
    path("leader/proxy-order/<str:order_no>/pay/", proxy.pay, name="proxy-order-pay"),
    path("leader/proxy-order/<str:order_no>/cancel/", proxy.cancel, name="proxy-order-cancel"),
]

urlpatterns = [
    path("", include("orders.urls.jielong")),
    *shop_pages,
    *resident_pages,
    *leader_pages,
    path("api/v1/", include("orders.api.urls")),
    path("pay/notices/<slug:provider>/", notices.notice, name="payment-notice"),
    path("pay/sandbox/<slug:out_trade_no>/", sandbox.pay, name="sandbox-pay"),
]
