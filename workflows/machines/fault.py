"""A fault in a workflow definition, or what is asked for is not in one."""


class WorkflowDefinitionError(Exception):
    """A fault in a definition, or a definition, state or command that does not exist.

    `code` is stable and meant for programs; `pointer` is the place in the definition (a JSON Pointer,
    RFC 6901), empty when the whole is meant. Neither they nor the text hold the value that was at fault.
    """

    def __init__(self, code: str, text: str, pointer: str = "") -> None:
        super().__init__(f"{code}: {text}" + (f" (at {pointer})" if pointer else ""))
        self.code = code
        self.pointer = pointer
