"""Long passwords that are easy to guess all the same."""

import pytest
from django.core.exceptions import ValidationError

from profmin.accounts.validators import GuessablePasswordValidator
from tests.factories.cast import PASSWORD


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("123456789012345", id="digits"),
        pytest.param("2026-10-01-2026-10", id="digits and signs"),
        pytest.param("aaaaaaaaaaaaaaaa", id="one sign"),
        pytest.param("йцукен йцукен йцукен ", id="repetition"),
        pytest.param("password2026!!!", id="common word"),
        pytest.param("Профориентация2026", id="word of the portal"),
        pytest.param("2026пароль2026!!", id="word between digits"),
    ],
)
def test_guessable_password_is_refused(password):
    with pytest.raises(ValidationError):
        GuessablePasswordValidator().validate(password)


@pytest.mark.parametrize(
    "password",
    [
        pytest.param(PASSWORD, id="words"),
        pytest.param("gT7-пёстрый-лось", id="mixed"),
        pytest.param("каштан под окном", id="words alone"),
    ],
)
def test_other_password_is_accepted(password):
    GuessablePasswordValidator().validate(password)
