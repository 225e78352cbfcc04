"""What channels of one family share: Meta's three, the children of TamTam, the visitor protocol."""
