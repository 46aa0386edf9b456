"""The curriculum of the demo: subjects, hours a week by grade (with the changes of 2026/27)."""

from dataclasses import dataclass

FIRST_MARKED = 2  # the first grade learns without marks and homework


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of the plan; `department` names whose teachers teach it from the fifth grade."""

    code: str
    name: str
    short: str
    department: str
    hours: tuple[int, ...]  # grades 1 to 11
    split: str = ""  # "halves", "sexes": taught to two subgroups at the same time
    split_from: int = 2
    marks_in_cell: int = 1
    scale: str = "five"
    primary: str = "form"  # who teaches it in grades 1-4: the form's teacher or the department


SUBJECTS = (
    Subject("russian", "Русский язык", "Рус. яз.", "words", (5, 5, 5, 5, 5, 6, 4, 3, 3, 2, 2), marks_in_cell=2),
    Subject("reading", "Литературное чтение", "Лит. чт.", "words", (4, 4, 4, 4, 0, 0, 0, 0, 0, 0, 0)),
    Subject("literature", "Литература", "Лит-ра", "words", (0, 0, 0, 0, 3, 3, 2, 2, 3, 3, 3), marks_in_cell=2),
    Subject("english", "Иностранный язык (английский)", "Англ. яз.", "english", (0, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3),
            split="halves", primary="department"),
    Subject("mathematics", "Математика", "Матем.", "numbers", (4, 4, 4, 4, 5, 5, 0, 0, 0, 0, 0)),
    Subject("algebra", "Алгебра", "Алгебра", "numbers", (0, 0, 0, 0, 0, 0, 3, 3, 3, 2, 3)),
    Subject("geometry", "Геометрия", "Геом.", "numbers", (0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 1)),
    Subject("chance", "Вероятность и статистика", "Вер. и стат.", "numbers", (0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1)),
    Subject("informatics", "Информатика", "Информ.", "informatics", (0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1)),
    Subject("world", "Окружающий мир", "Окр. мир", "nature", (2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0)),
    Subject("history", "История", "История", "history", (0, 0, 0, 0, 3, 3, 3, 2, 2, 2, 2)),
    Subject("society", "Обществознание", "Обществ.", "history", (0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 2)),
    Subject("culture", "Духовно-нравственная культура России", "ДНКР", "history", (0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0)),
    Subject("orkse", "Основы религиозных культур и светской этики", "ОРКСЭ", "history",
            (0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0), scale="none"),
    Subject("geography", "География", "Геогр.", "geography", (0, 0, 0, 0, 1, 1, 2, 2, 2, 1, 1)),
    Subject("physics", "Физика", "Физика", "physics", (0, 0, 0, 0, 0, 0, 2, 2, 3, 2, 2)),
    Subject("chemistry", "Химия", "Химия", "chemistry", (0, 0, 0, 0, 0, 0, 0, 2, 2, 1, 1)),
    Subject("biology", "Биология", "Биол.", "biology", (0, 0, 0, 0, 1, 1, 1, 2, 2, 1, 1)),
    Subject("art", "Изобразительное искусство", "ИЗО", "craft", (1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0)),
    Subject("music", "Музыка", "Музыка", "music", (1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0), primary="department"),
    Subject("craft", "Труд (технология)", "Труд", "craft", (1, 1, 1, 1, 2, 2, 2, 1, 1, 0, 0),
            split="sexes", split_from=5),
    Subject("sport", "Физическая культура", "Физ-ра", "sport", (2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2),
            primary="department"),
    Subject("safety", "Основы безопасности и защиты Родины", "ОБЗР", "sport", (0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1)),
    Subject("project", "Индивидуальный проект", "Проект", "informatics", (0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0),
            scale="pass_fail"),
)  # fmt: skip

# Streams of the tenth and eleventh grades: both forms of a grade, two choices at the same time.
STREAMS = (
    Subject("physics_plus", "Физика: углублённый курс", "Физика+", "physics", (0,) * 9 + (2, 2)),
    Subject(
        "society_plus", "Обществознание: углублённый курс", "Общ.+", "history", (0,) * 9 + (2, 2)
    ),
)
GERMAN = Subject("german", "Второй иностранный язык (немецкий)", "Нем. яз.", "english", (0,) * 11)
TALKS = Subject("talks", "Разговоры о важном", "РоВ", "", (1,) * 11, scale="none")

ALL_SUBJECTS = (*SUBJECTS, *STREAMS, GERMAN, TALKS)
BY_CODE = {subject.code: subject for subject in ALL_SUBJECTS}

# Subjects of one department in a form go to one teacher, chosen by these chains.
CHAINS = (
    ("russian", "reading", "literature"),
    ("mathematics", "algebra", "geometry", "chance"),
    ("history", "society", "culture"),
)

# The most lessons a day by grade.
LONGEST_DAY = (5, 5, 5, 5, 6, 6, 7, 7, 7, 7, 7)

# Joint forms of the village branch: who sits together, and for which subjects.
JOINT_PRIMARY = ((1, 3), (2, 4))
JOINT_BASIC = ((5, 6), (7, 8))
JOINT_SUBJECTS = frozenset({"art", "music", "craft", "sport", "culture"})

SCALES: dict[str, tuple[str, dict[str, float | None]]] = {
    "five": (
        "Пятибалльная",
        {"5": 5, "4": 4, "3": 3, "2": 2, "1": 1, "зач": None, "нзч": None, "осв": None},
    ),
    "pass_fail": ("Зачёт — незачёт", {"зач": None, "нзч": None, "осв": None}),
    "ten": ("Десятибалльная", {str(n): n for n in range(10, 0, -1)}),
    "hundred": ("Стобалльная", {str(n): n for n in range(101)}),
    "none": ("Без отметок", {}),
}

# code, name, letter, weight, is it a control work
WORK_KINDS = (
    ("answer", "Ответ на уроке", "О", "1", False),
    ("class", "Работа на уроке", "Р", "1", False),
    ("home", "Домашняя работа", "Д", "1", False),
    ("test", "Тест", "Т", "1.5", False),
    ("self", "Самостоятельная работа", "С", "1.5", False),
    ("lab", "Лабораторная работа", "Л", "1.5", False),
    ("project", "Проект", "П", "2", False),
    ("control", "Контрольная работа", "К", "2", True),
)


@dataclass(frozen=True, slots=True)
class Post:
    """Teachers of a department at the town school and at the branch."""

    department: str
    title: str
    town: int
    branch: int


POSTS = (
    Post("form", "Учитель начальных классов", 8, 2),
    Post("words", "Учитель русского языка и литературы", 4, 2),
    Post("english", "Учитель иностранного языка", 5, 1),
    Post("numbers", "Учитель математики", 4, 2),
    Post("informatics", "Учитель информатики", 1, 0),
    Post("history", "Учитель истории и обществознания", 3, 1),
    Post("geography", "Учитель географии", 1, 0),
    Post("physics", "Учитель физики", 2, 0),
    Post("chemistry", "Учитель химии", 1, 0),
    Post("biology", "Учитель биологии", 1, 1),
    Post("music", "Учитель музыки", 1, 1),
    Post("craft", "Учитель труда (технологии)", 2, 0),
    Post("sport", "Учитель физической культуры", 3, 1),
)

# In the village one teacher serves several departments.
BRANCH_SERVES = {
    "informatics": "numbers", "physics": "numbers", "geography": "biology", "chemistry": "biology",
    "craft": "music", "nature": "form",
}  # fmt: skip
