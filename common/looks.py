"""How large a reader wants the text: kept by her browser, a phone and a computer differ."""

TEXT_SIZE = "text-size"  # the cookie
TEXT_SIZES = {"": "обычный", "large": "крупный", "huge": "очень крупный"}
KEPT_FOR = 365 * 24 * 60 * 60  # seconds
