"""What the journal's codes are called on screens. A test finds every code that has no word."""

# Done by whom, to what: «открыта организация».
ACTIONS: dict[str, str] = {
    "signed_in": "вход в портал",
    "sign_in_refused": "вход не удался",
    "contacts_viewed": "просмотрены контакты",
    "unit_opened": "открыта организация",
    "unit_renamed": "переименована организация",
    "unit_moved": "переведена организация",
    "unit_merged": "присоединена организация",
    "unit_closed": "закрыта организация",
    "unit_reopened": "организация снова открыта",
    "person_appointed": "назначен человек",
    "person_substituted": "назначен замещающий",
    "person_invited_again": "приглашение отправлено ещё раз",
    "appointment_ended": "завершено назначение",
    "person_blocked": "закрыт вход в портал",
    "person_unblocked": "снова открыт вход в портал",
    "sessions_ended": "завершены все сеансы",
}
OTHER_ACTION = "другое действие"

# Kinds of matters that entries tell of, for the filter.
SUBJECTS: dict[str, str] = {
    "unit": "организация",
    "appointment": "назначение",
    "user": "человек",
    "roadmap": "дорожная карта",
    "import": "загрузка документа",
    "assignment": "поручение",
    "file": "файл",
}

# Names of what changed, in «было → стало».
FIELDS: dict[str, str] = {
    "name": "наименование",
    "code": "код",
    "kind": "вид",
    "parent": "вышестоящая организация",
    "into": "присоединена к",
    "on": "с какого дня",
    "closed_on": "закрыта с",
    "role": "роль",
    "unit": "организация",
    "post": "должность",
    "starts_on": "с",
    "ends_on": "по",
}
OTHER_FIELD = "другое"
