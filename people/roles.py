"""Roles and what each may do: one closed list of permissions, short codes in the database."""

from enum import StrEnum

from django.db.models import TextChoices


class Role(TextChoices):
    HEAD = "head", "Директор"
    DEPUTY_HEAD = "deputy_head", "Завуч"
    BRANCH_HEAD = "branch_head", "Заведующий филиалом"
    SECRETARY = "secretary", "Делопроизводитель"
    CLASS_TEACHER = "class_teacher", "Классный руководитель"
    TEACHER = "teacher", "Учитель"
    ADMIN = "admin", "Администратор"
    GUARDIAN = "guardian", "Законный представитель"
    PUPIL = "pupil", "Ученик"


class Permission(StrEnum):
    """What a role may do. Over which class or course follows from dated school facts."""

    JOURNAL_VIEW_SCHOOL = "journal_view_school"
    JOURNAL_KEEP = "journal_keep"
    JOURNAL_CONTROL = "journal_control"
    MORNING_VIEW = "morning_view"
    CLASS_LEAD = "class_lead"
    FINALS_CORRECT = "finals_correct"
    DIARY_VIEW_SCHOOL = "diary_view_school"
    DIARY_READ = "diary_read"
    DIARY_ACKNOWLEDGE = "diary_acknowledge"
    PRINT_SCHOOL = "print_school"
    PEOPLE_VIEW = "people_view"
    ROLES_GRANT = "roles_grant"
    CREDENTIALS_ISSUE = "credentials_issue"
    ACCOUNTS_BLOCK = "accounts_block"
    CONSENT_REGISTER = "consent_register"
    REGULATION_VIEW = "regulation_view"
    REGULATION_EDIT = "regulation_edit"
    HISTORY_VIEW = "history_view"


_P = Permission
_OVERSIGHT = {
    _P.JOURNAL_VIEW_SCHOOL,
    _P.JOURNAL_CONTROL,
    _P.MORNING_VIEW,
    _P.DIARY_VIEW_SCHOOL,
    _P.PRINT_SCHOOL,
    _P.PEOPLE_VIEW,
    _P.REGULATION_VIEW,
    _P.HISTORY_VIEW,
    _P.FINALS_CORRECT,
    _P.CONSENT_REGISTER,
}

GRANTS: dict[str, frozenset[Permission]] = {
    Role.HEAD: frozenset({*_OVERSIGHT, _P.ROLES_GRANT, _P.REGULATION_EDIT, _P.ACCOUNTS_BLOCK}),
    Role.DEPUTY_HEAD: frozenset({*_OVERSIGHT, _P.REGULATION_EDIT}),
    Role.BRANCH_HEAD: frozenset({*_OVERSIGHT, _P.ROLES_GRANT, _P.ACCOUNTS_BLOCK}),
    Role.SECRETARY: frozenset(
        {_P.PEOPLE_VIEW, _P.CONSENT_REGISTER, _P.REGULATION_VIEW, _P.MORNING_VIEW}
    ),
    Role.CLASS_TEACHER: frozenset({_P.CLASS_LEAD, _P.JOURNAL_KEEP}),
    Role.TEACHER: frozenset({_P.JOURNAL_KEEP}),
    Role.ADMIN: frozenset(
        {
            _P.PEOPLE_VIEW,
            _P.ROLES_GRANT,
            _P.CREDENTIALS_ISSUE,
            _P.ACCOUNTS_BLOCK,
            _P.REGULATION_VIEW,
            _P.HISTORY_VIEW,
        },
    ),
    Role.GUARDIAN: frozenset({_P.DIARY_READ, _P.DIARY_ACKNOWLEDGE}),
    Role.PUPIL: frozenset({_P.DIARY_READ}),
}

# Roles whose holder at a school also serves its branches.
SERVES_BRANCHES = frozenset({Role.HEAD, Role.DEPUTY_HEAD, Role.SECRETARY, Role.ADMIN})
STAFF = frozenset(Role.values) - {Role.GUARDIAN.value, Role.PUPIL.value}
