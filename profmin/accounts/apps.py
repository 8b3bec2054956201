from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "profmin.accounts"
    label = "accounts"
    verbose_name = "Люди"
