"""How the readers of files that nobody trusts say that one cannot be taken."""

from hub.domain.evidence import FileRejectionReason


class RejectedError(Exception):
    """The file cannot be taken, for `reason`."""

    def __init__(self, reason: FileRejectionReason) -> None:
        super().__init__(reason)
        self.reason = reason
