"""The kinds of documents. Importing this module registers them."""

from printouts import queries
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
