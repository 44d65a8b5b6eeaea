//! Events, sessions and incidents at rest.
