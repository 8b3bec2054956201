"""Where things happen: the tree of units, who is appointed there, and stored files."""

from schools.models.appointments import Appointment
from schools.models.files import StoredFile
from schools.models.units import OrgUnit, UnitPlace

__all__ = ["Appointment", "OrgUnit", "StoredFile", "UnitPlace"]
