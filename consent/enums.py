"""Codes of the purposes of processing: each has a consent document of its own."""

from django.db.models import TextChoices


class PurposeCode(TextChoices):
    DIARY = "diary", "Получение сведений об учёбе в электронной форме"
    SMS = "sms", "Отправка SMS"
    MESSENGER = "messenger", "Отправка сообщений в мессенджере"
    PHOTO = "photo", "Публикация фотографий"
    ACHIEVEMENTS = "achievements", "Публикация достижений ученика"
    EXCHANGE = "exchange", "Передача сведений в государственную информационную систему"
