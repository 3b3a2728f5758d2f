//! What lies ahead: how long customers stay, what they will be worth and what the next quarters bring, each with the range
//! in which it may fall.
