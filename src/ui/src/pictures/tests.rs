//! Wishes, limits, and what becomes of posters that cannot be had.

