//! Known addresses, borders, lists and databases.
