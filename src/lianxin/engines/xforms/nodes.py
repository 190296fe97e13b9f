"""The tree that paths walk: one node per question, group and repetition, and one per cell of a choice list."""

from collections.abc import Iterator


class Node:
    """One element of a form's answers or of a choice list."""

    __slots__ = ("by_name", "children", "definition", "name", "parent", "refused", "relevant", "stored", "value")

    def __init__(self, name: str, parent: "Node | None" = None, definition: int = -1, value: str = "") -> None:
        self.name = name
        self.parent = parent
        self.definition = definition
        self.children: list[Node] = []
        self.by_name: dict[str, list[Node]] = {}
        self.stored = value
        """What was answered or calculated; kept while the question is not asked."""
        self.value = value
        """What counts: the stored answer where the question is asked and the choice is on offer, else nothing."""
        self.relevant = True
        self.refused: tuple[str, str] | None = None
        """What was typed but could not be taken, and the code of the reason."""

    def add(self, child: "Node", before: int | None = None) -> "Node":
        """Hang a child below this node, at the end or before the child at an index."""
        child.parent = self
        if before is None:
            self.children.append(child)
            self.by_name.setdefault(child.name, []).append(child)
        else:
            self.children.insert(before, child)
            self.by_name[child.name] = [other for other in self.children if other.name == child.name]
        return child

    def drop(self, child: "Node") -> None:
        """Take a child away."""
        self.children.remove(child)
        self.by_name[child.name].remove(child)

    def walk(self) -> Iterator["Node"]:
        """Give this node and everything below it in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def root(self) -> "Node":
        """Give the document above this node."""
        node = self
        while node.parent is not None:
            node = node.parent
        return node

    def position(self) -> int:
        """Give this node's place among its siblings of the same name, counted from 1."""
        return self.parent.by_name[self.name].index(self) + 1 if self.parent is not None else 1

    def is_below(self, other: "Node") -> bool:
        """Say whether this node lies under another."""
        node = self.parent
        while node is not None:
            if node is other:
                return True
            node = node.parent
        return False


def list_document(items: list[dict[str, str]]) -> Node:
    """Build the document that `instance('list')` walks."""
    document = Node("")
    root = document.add(Node("root"))
    for cells in items:
        item = root.add(Node("item"))
        for name, value in cells.items():
            item.add(Node(name, value=value))
    return document
