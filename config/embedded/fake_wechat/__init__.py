"""A WeChat Pay v3 gateway to play against: its own process, its own books, real signatures.

It answers what `orders.integrations.wechat_pay` asks, in the words, limits and
status codes of the provider's public documents, and misbehaves on request
(`control`). It imports nothing of Django and nothing of the platform, so that
a mistake there cannot be repeated here.
"""
