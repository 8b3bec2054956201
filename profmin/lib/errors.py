"""The one way in which the portal refuses."""


class RuleBroken(Exception):
    """A refusal in Russian words that a person can act on.

    `field` names the form field at fault; None means the whole form.
    Edges turn it into `form.add_error` or a 400 answer; services only raise it.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
