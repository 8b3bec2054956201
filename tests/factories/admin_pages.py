"""Pages of Django's admin as a person uses them: open, change a field, send."""

from django.urls import reverse


def list_address(model):
    return reverse(f"admin:{model}_changelist")


def page_address(model, key):
    return reverse(f"admin:{model}_change", args=[key])


def rows_of(answer):
    return set(answer.context["cl"].queryset)


def sent(answer):
    """What the form of a page would send as it stands."""
    form = answer.context["adminform"].form
    data = {}
    for field in form:
        value = field.value()
        data[field.html_name] = "" if value is None else value
    return data


def change(client, model, key, **values):
    address = page_address(model, key)
    data = {**sent(client.get(address)), **values}
    return client.post(address, {name: value for name, value in data.items() if value is not False})


def errors_of(answer):
    return dict(answer.context["adminform"].form.errors)
