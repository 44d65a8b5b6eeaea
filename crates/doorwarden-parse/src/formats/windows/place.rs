//! What the elements of an event's XML are, by their names and where they stand.

/// Kinds of elements of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Above the first element.
    Root,
    /// `Event`.
    Event,
    /// `System`.
    System,
    /// `System/Provider`.
    Provider,
    /// `System/EventID`.
    EventId,
    /// `System/TimeCreated`.
    Time,
    /// `System/EventRecordID`.
    RecordId,
    /// `System/Correlation`.
    Correlation,
    /// `System/Channel`.
    Channel,
    /// `System/Computer`.
    Computer,
    /// `EventData`.
    EventData,
    /// `UserData`.
    UserData,
    /// The one element below `UserData` that holds the values.
    Wrapper,
    /// A value.
    Leaf,
    /// Anything else.
    Other,
}

impl Place {
    /// What an element below this one is; `is` tells whether it has a name.
    pub(crate) fn below(self, is: impl Fn(&str) -> bool) -> Self {
        match self {
            Self::Root if is("Event") => Self::Event,
            Self::Root | Self::Event | Self::UserData | Self::Wrapper if is("EventData") => {
                Self::EventData
            }
            Self::Root | Self::Event if is("UserData") => Self::UserData,
            Self::Event if is("System") => Self::System,
            Self::System => system(is),
            Self::UserData => Self::Wrapper,
            Self::Wrapper | Self::EventData | Self::Leaf => Self::Leaf,
            Self::Root
            | Self::Event
            | Self::Provider
            | Self::EventId
            | Self::Time
            | Self::RecordId
            | Self::Correlation
            | Self::Channel
            | Self::Computer
            | Self::Other => Self::Other,
        }
    }
}

fn system(is: impl Fn(&str) -> bool) -> Place {
    const PLACES: [(&str, Place); 7] = [
        ("Provider", Place::Provider),
        ("EventID", Place::EventId),
        ("TimeCreated", Place::Time),
        ("EventRecordID", Place::RecordId),
        ("Correlation", Place::Correlation),
        ("Channel", Place::Channel),
        ("Computer", Place::Computer),
    ];
    PLACES.iter().find(|it| is(it.0)).map_or(Place::Other, |it| it.1)
}
