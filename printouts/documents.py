"""The kinds of documents. Importing this module registers them."""

from printouts import queries, queries_consents
from printouts.enums import CONSENT_FORMS
from printouts.registry import Document, document

WEEK_EXTRACT = document(
    Document(
        kind="week_extract",
        title="Выписка из электронного дневника за неделю",
        read=queries.week_extracts,
        template="printouts/paper/extract.html",
        style="extract.css",
    )
)

CONSENT_FORM = document(
    Document(
        kind=CONSENT_FORMS,
        title="Согласие на обработку персональных данных",
        read=queries_consents.forms_of_class,
        template="printouts/paper/consent.html",
        style="consent.css",
        name="paper",
        count="бланк,бланка,бланков",
    )
)
