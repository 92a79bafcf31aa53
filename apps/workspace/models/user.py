from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from apps.core.models import TimeStamped

if TYPE_CHECKING:
    from apps.workspace.models.organisation import Membership


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, email: str, name: str, password: str | None = None) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(TimeStamped, AbstractBaseUser, PermissionsMixin):
    """A person. Signs in by e-mail; belongs to organisations; has roles on panels."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, default="", blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    # Buyers' people need a second factor; vendors may do without until they submit.
    second_factor_required = models.BooleanField(default=False)

    # Under which a request runs: read by the request itself, for as long as it lasts.
    membership: "Membership | None" = None

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    def get_full_name(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        words = [w for w in self.name.split() if w]
        return "".join(w[0] for w in (words[0], words[-1])).upper() if words else "?"

    @cached_property
    def second_factor_missing(self) -> bool:
        """Whether this person has to set up a second factor before anything else."""
        if not self.second_factor_required:
            return False
        kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        return not Authenticator.objects.filter(user_id=self.pk, type__in=kinds).exists()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()  # one address, one person, however it is typed
        super().save(*args, **kwargs)
