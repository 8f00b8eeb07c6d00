"""The selling kit: what leaders post, as words and as pictures."""

from django.urls import path

from fulfillment.views import kit, kit_goods, kit_pictures

urlpatterns = [
    path("", kit.kit, name="leader-kit"),
    path("posted/", kit.posted, name="leader-kit-posted"),
    path("qr.svg", kit_pictures.qr, name="leader-kit-qr"),
    path("poster.png", kit_pictures.poster, name="leader-kit-poster"),
    path("<str:code>/goods/", kit_goods.goods_list, name="leader-kit-goods-list"),
    path("<str:code>/goods/<int:offer_id>/", kit_goods.goods, name="leader-kit-goods"),
    path(
        "<str:code>/goods/<int:offer_id>.png",
        kit_pictures.goods,
        name="leader-kit-goods-picture",
    ),
    path("<str:code>/pack.zip", kit_goods.pack, name="leader-kit-pack"),
    path(
        "<str:code>/arrival-<int:point_id>.png",
        kit_pictures.arrival,
        name="leader-kit-arrival-picture",
    ),
    path("<str:code>/<slug:kind>.png", kit_pictures.sale, name="leader-kit-picture"),
]
