"""A rule says no. The refusal itself is a fact on the log (style rule 6)."""


class Refused(Exception):
    """A command is refused by a rule, for lack of authority, or because the case is another's.

    `code` is stable; `detail` (English) and `detail_da` (Danish) say why and never hold input.
    """

    def __init__(self, code: str, detail: str, detail_da: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.detail_da = detail_da
