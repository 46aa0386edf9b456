"""What families decided: consents and refusals, forms of delivery, contacts, applications."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from uuid import UUID

from consent.enums import PurposeCode
from consent.models import Application, ConsentText, Contact, Decision, DeliveryDeclaration, Purpose
from consent.norms import Norms, age_on
from consent.samples import sample
from ediary.seed import terms
from ediary.seed.entries import hash_of
from ediary.seed.heap import Row
from ediary.seed.world import Family, Human, Kid, Site
from people.models import Guardianship, Person, Pupil, Restriction, User
from regulation.profile import profiles

NOTICE = timedelta(days=21)  # how long before a new wording is announced
SIGNED = 0.95  # share of pupils of the age to sign whose own paper is there
TOLD = 0.94  # share of those who agreed to be reminded too
GROUNDS = (
    "нет домашнего интернета",
    "отказ от электронной формы",
    "нет телефона с выходом в интернет",
)
DEMO = "Демонстрационный текст: школа заменяет его своим."
# Whom the demo's schools entrust with data: invented.
PROCESSORS = {
    PurposeCode.SMS: "ООО «Пример связи» (шлюз SMS), г. Зареченск, ул. Почтовая, д. 7",
    PurposeCode.MESSENGER: "ООО «Пример сообщений», г. Зареченск, ул. Почтовая, д. 9",
    PurposeCode.EXCHANGE: "ГБУ «Пример регионального центра информатизации», г. Зареченск, ул. Садовая, д. 2",
}
MOVED = (
    "ООО «Пример связи» (шлюз SMS), г. Зареченск, пр. Мира, д. 15"  # its address from the next term
)


def decide(site: Site) -> None:
    """Write every family's decision and open the diaries of those who consented."""
    Office(site).go_round()


class Office:
    """The secretary with her papers."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.secretary = site.office_user("secretary")
        self.purposes: dict[str, tuple[UUID, UUID]] = {}
        self.limited = {row["guardianship_id"] for row in site.heap.of(Restriction)}
        self.substitutes = list(
            profiles()[site.spec.profile].parameters.get("paper_substitutes", ())
        )
        self.ties = {
            (row["guardian_id"], row["pupil_id"]): row
            for row in site.heap.of(Guardianship) if row["school_id"] == site.id
        }  # fmt: skip
        self.pupils = {row["id"]: row for row in site.heap.of(Pupil) if row["school_id"] == site.id}
        self.born = {row["id"]: row["birth_date"] for row in site.heap.of(Person)}
        self.accounts = {row["id"]: row for row in site.heap.of(User)}
        for code in PurposeCode:
            purpose = site.add(Purpose, code=code.value, name=code.label)
            said = self._wording(code)
            text = site.add(ConsentText, purpose_id=purpose, number=1, since=terms.HIRED, **said)
            self.purposes[code.value] = (purpose, text)
            if code == PurposeCode.SMS:
                site.add(
                    ConsentText, purpose_id=purpose, number=2, since=site.now.today + NOTICE,
                    **(said | {"processors": MOVED}),
                )  # fmt: skip

    def _wording(self, code: PurposeCode) -> dict[str, str]:
        """The program's sample, as the school above (a branch is no legal entity) would fill it."""
        operator = (self.site.parent or self.site).spec
        said = asdict(sample(code))
        return said | {
            "operator_name": operator.name,
            "operator_address": operator.address,
            "processors": PROCESSORS.get(code, said["processors"]),
            "text": f"{said['text']} {DEMO}".strip(),
        }

    def go_round(self) -> None:
        for family in self.site.families:
            day = self._visit_day()
            for adult in family.adults:
                self._hear(family, adult, day)
                self._note_contacts(family, adult, day)
            for kid in family.children:
                self._sign_beside(kid, day)
                if kid.user_id:
                    self._contact(kid, "email", f"{self._login(kid)}@example.org", day, [])

    def _visit_day(self) -> date:
        """Most come in the first days; a few later than the ten days of the regulation."""
        rng = self.site.rng
        day = terms.STARTS + timedelta(
            days=rng.randrange(9) if rng.random() < 0.97 else rng.randrange(14, 40)
        )
        return min(day, self.site.now.today)

    def _hear(self, family: Family, adult: Human, day: date) -> None:
        """One guardian decides about each of her children."""
        silent = family.form == "undecided" or (
            adult.user_id is None and self.site.rng.random() < 0.5
        )
        for kid in family.children:
            tie = self.ties[adult.id, kid.id]
            if tie["id"] in self.limited or (silent and family.form in {"electronic", "undecided"}):
                continue
            if family.form == "electronic":
                self._decision(adult, kid, "consent", day)
                self._open(tie, kid, day)
                if self.site.rng.random() < 0.3:
                    self._declare(adult, kid, "electronic", day)
            else:
                self._refuse(family, adult, kid, day)

    def _refuse(self, family: Family, adult: Human, kid: Kid, day: date) -> None:
        self._decision(adult, kid, "refusal", day)
        if family.form == "substitute" and self.substitutes:
            self._declare(adult, kid, "substitute", day, self.substitutes[0])
        elif adult is family.adults[0]:
            self._declare(adult, kid, "paper", day)

    def _decision(self, adult: Human, kid: Kid, kind: str, day: date, code: str = "diary") -> None:
        purpose, text = self.purposes[code]
        self.site.add(
            Decision, subject_id=kid.id, signer_id=adult.id, purpose_id=purpose, text_id=text, kind=kind,
            decided_on=day, form="paper", registered_by_id=self.secretary, registered_at=self._at(day),
        )  # fmt: skip

    def _declare(self, adult: Human, kid: Kid, form: str, day: date, substitute: str = "") -> None:
        ground = "" if form == "electronic" else self.site.rng.choice(GROUNDS)
        self.site.add(
            DeliveryDeclaration, guardian_id=adult.id, pupil_id=kid.id, form=form, substitute=substitute,
            ground=ground, declared_on=day, registered_by_id=self.secretary, registered_at=self._at(day),
        )  # fmt: skip

    def _open(self, tie: Row, kid: Kid, day: date) -> None:
        tie["open_from"] = day
        row = self.pupils[kid.id]
        row["open_from"] = min(row["open_from"] or day, day)

    def _sign_beside(self, kid: Kid, day: date) -> None:
        """From the age to sign the pupil's own account waits for the pupil's own consent."""
        row = self.pupils[kid.id]
        age = age_on(self.born[kid.id], self.site.now.today)
        if row["open_from"] is None or age < Norms().consent_age_beside:
            return
        if hash_of(kid.id, self.site.id) < SIGNED:
            self._decision(kid, kid, "consent", day)
        else:
            row["open_from"] = None

    def _note_contacts(self, family: Family, adult: Human, day: date) -> None:
        rng = self.site.rng
        has_mail = family.form == "electronic" and adult.user_id is not None
        if has_mail and adult.user_id:
            mail = f"{self._login(adult)}@example.org"
            self.accounts[adult.user_id]["email"] = mail
            # Some agreed to the digest alone: the class teacher asks them otherwise.
            is_told = hash_of(adult.id, family.children[0].id) < TOLD
            uses = ["digest", "reminder"] if is_told else ["digest"]
            self._contact(adult, "email", mail, day, uses)
        phone = f"+7000{rng.randrange(10**7):07d}"
        if not has_mail or rng.random() < 0.7:
            takes_sms = family.form == "electronic" and rng.random() < 0.12
            self._contact(
                adult, "phone", phone, day, ["urgent", "sms"] if takes_sms else [], position=2
            )
            if takes_sms:
                self.site.add(
                    Application, person_id=adult.id, service="sms", applied_on=day,
                    registered_by_id=self.secretary, registered_at=self._at(day),
                )  # fmt: skip
                for kid in family.children:
                    self._decision(adult, kid, "consent", day, "sms")

    def _contact(
        self, person: Human, kind: str, value: str, day: date, uses: list[str], *, position: int = 1
    ) -> None:
        self.site.add(
            Contact, person_id=person.id, kind=kind, value=value, origin="written", document="заявление",
            given_on=day, verified_at=self._at(day) if kind == "email" else None, uses=uses, position=position,
            registered_by_id=self.secretary,
        )  # fmt: skip

    def _login(self, person: Human) -> str:
        return str(self.accounts[person.user_id]["login"]) if person.user_id else "nobody"

    def _at(self, day: date) -> datetime:
        moment = terms.local(
            day, terms.clock(9 + self.site.rng.randrange(8), self.site.rng.randrange(60))
        )
        return min(moment, self.site.now.at)
