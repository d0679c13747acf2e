"""What the site's root needs of the hall: its reader of the journal, and sending the letters that wait."""

from yiwang.doors.hall.mail import READER, post_letters

__all__ = ["READER", "post_letters"]
