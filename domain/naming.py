"""Who may be told whose name: the record knows people by id alone, and not every reader has to know who they are."""

from domain.people import Person

# Under these something is recorded, so a reader of the record meets their holders' ids; a viewer leaves none.
ACTING = frozenset({"unit", "reviewer", "approver", "auditor", "administrator"})


def may_name(reader: Person, person: Person) -> bool:
    """Whether ``reader`` may be told the name of ``person``, by the roles the one holds and the other ever held."""
    if reader.id == person.id or reader.holds("auditor", "administrator"):
        return True
    if reader.holds("reviewer", "approver"):
        return any(grant.role in ACTING for grant in person.served)
    units = reader.scopes("unit")
    return any(grant.role == "unit" and grant.scope in units for grant in person.served)
