"""An app of the tests alone: lets them empty the database, journal included."""
