from people.models.accounts import RoleAssignment, User
from people.models.owned import Owned
from people.models.persons import Employee, Guardianship, Person, Pupil, Restriction
from people.models.schools import School, Setting

__all__ = [
    "Employee",
    "Guardianship",
    "Owned",
    "Person",
    "Pupil",
    "Restriction",
    "RoleAssignment",
    "School",
    "Setting",
    "User",
]
