"""What a person writes about a due: a report, a reason, proofs, a date of an item.

`version` is the version of the due which the person saw. Hidden fields never fail in silence:
without a version the whole form is refused.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

_DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
_DAY_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"]
_MOST_FILES = 10
PROOF_HINT = "Документ, таблица или снимок, до 20 МБ каждый. Можно несколько."


class FilesInput(forms.ClearableFileInput):
    """A field of files that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; the value is a list, empty when none was chosen."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        rows: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        if len(rows) > _MOST_FILES:
            raise forms.ValidationError(f"За один раз можно загрузить {_MOST_FILES} файлов.")
        clean = super().clean
        return [clean(row, initial) for row in rows]


class _DueForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, due_id: int, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(
            data, files, auto_id=f"due{due_id}_{self.mark}_%s", label_suffix="", **kwargs
        )

    mark = "form"


class ProofForm(_DueForm):
    """A link, files or both."""

    mark = "proof"
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    link = forms.CharField(
        label="Ссылка",
        required=False,
        max_length=1000,
        widget=forms.URLInput({"placeholder": "https://", "autocomplete": "off"}),
        help_text="Новость на сайте, альбом или папка, открытые без входа.",
    )
    files = FilesField(  # type: ignore[assignment]  # a field, not the form's own dictionary
        label="Файлы", required=False, help_text=PROOF_HINT
    )

    @property
    def uploads(self) -> tuple[UploadedFile, ...]:
        return tuple(self.cleaned_data.get("files") or ())


class ReportForm(ProofForm):
    """What was done, when, and what proves it."""

    mark = "report"
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    comment = forms.CharField(
        label="Что сделано",
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
        help_text="Одна-две фразы. Не указывайте имена и данные обучающихся.",
    )
    done_on = forms.DateField(
        label="Дата исполнения",
        widget=_DAY,
        input_formats=_DAY_FORMATS,
        error_messages={"required": "Укажите дату исполнения."},
    )
    field_order = ["version", "comment", "done_on", "link", "files"]

    def __init__(self, *args: Any, is_draft: bool = False, **kwargs: Any) -> None:
        """`is_draft`: saved before anything is done, the day may be missing."""
        super().__init__(*args, **kwargs)
        self.fields["done_on"].required = not is_draft


class ReasonForm(_DueForm):
    """Why: for returning and for «not applicable»."""

    reason = forms.CharField(label="Причина", max_length=2000, widget=forms.Textarea({"rows": 2}))

    def __init__(self, due_id: int, *args: Any, mark: str, **kwargs: Any) -> None:
        self.mark = mark
        super().__init__(due_id, *args, **kwargs)


class DeedForm(_DueForm):
    """A deed of one button."""

    mark = "deed"


class ItemDueForm(forms.Form):
    """The date of an item whose document names none."""

    due_on = forms.DateField(label="Срок исполнения", widget=_DAY, input_formats=_DAY_FORMATS)
