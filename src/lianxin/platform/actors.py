"""Who acts, in which role, by which way in, and for whom."""

from dataclasses import dataclass, field, replace
from uuid import UUID

SYSTEM = "system"
ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Actor:
    """One who acts: every command and every audit entry names one.

    `communities` is the scope (`None`: the whole district). `on_behalf_of` is the person for whom the act is done, and
    `identity_check` how that person was known ("card", "seen_document", "known_in_person", "phone_code", …).
    """

    account: UUID | None
    role: str
    communities: frozenset[UUID] | None
    via: str
    person: UUID | None = None
    on_behalf_of: UUID | None = None
    identity_check: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    venues: frozenset[UUID] = field(default_factory=frozenset)
    organisations: frozenset[UUID] = field(default_factory=frozenset)
    name: str = ""

    @classmethod
    def system(cls, via: str = "worker") -> "Actor":
        """Give the program itself, acting over the whole district."""
        return cls(account=None, role=SYSTEM, communities=None, via=via, roles=frozenset({SYSTEM}))

    @classmethod
    def anonymous(cls, via: str = "web") -> "Actor":
        """Give somebody who has not said who they are: no community is in their scope."""
        return cls(account=None, role=ANONYMOUS, communities=frozenset(), via=via, roles=frozenset({ANONYMOUS}))

    @property
    def is_system(self) -> bool:
        """Tell whether the program itself acts."""
        return self.role == SYSTEM

    @property
    def is_anonymous(self) -> bool:
        """Tell whether nobody has logged in."""
        return self.role == ANONYMOUS

    def holds(self, *roles: str) -> bool:
        """Tell whether any of these roles is held."""
        return bool(self.roles.intersection(roles)) or self.role in roles

    def covers(self, community_id: UUID | None) -> bool:
        """Tell whether a community lies in this actor's scope."""
        return self.communities is None or community_id in self.communities

    def acting_for(self, person: UUID, identity_check: str, via: str | None = None) -> "Actor":
        """Give the same actor acting on behalf of a person, with how that person was known."""
        return replace(self, on_behalf_of=person, identity_check=identity_check, via=via or self.via)

    def visiting(self, community: UUID) -> "Actor":
        """Give the same actor with one community more in scope, for what anybody may do there (signing up).

        It widens what can be read and written, never what is allowed: a policy asks for roles, not for scope alone.
        """
        if self.communities is None or community in self.communities:
            return self
        return replace(self, communities=self.communities | {community})

    def to_json(self) -> dict:
        """Give a plain dictionary that `from_json` turns back into this actor (for jobs)."""
        return {
            "account": str(self.account) if self.account else None,
            "role": self.role,
            "communities": None if self.communities is None else sorted(map(str, self.communities)),
            "via": self.via,
            "person": str(self.person) if self.person else None,
            "on_behalf_of": str(self.on_behalf_of) if self.on_behalf_of else None,
            "identity_check": self.identity_check,
            "roles": sorted(self.roles),
            "venues": sorted(map(str, self.venues)),
            "organisations": sorted(map(str, self.organisations)),
            "name": self.name,
        }

    @classmethod
    def from_json(cls, data: dict) -> "Actor":
        """Give the actor that `to_json` wrote down."""

        def uuid_or_none(value: str | None) -> UUID | None:
            return UUID(value) if value else None

        return cls(
            account=uuid_or_none(data["account"]),
            role=data["role"],
            communities=None if data["communities"] is None else frozenset(map(UUID, data["communities"])),
            via=data["via"],
            person=uuid_or_none(data["person"]),
            on_behalf_of=uuid_or_none(data["on_behalf_of"]),
            identity_check=data["identity_check"],
            roles=frozenset(data["roles"]),
            venues=frozenset(map(UUID, data["venues"])),
            organisations=frozenset(map(UUID, data.get("organisations", []))),
            name=data["name"],
        )
