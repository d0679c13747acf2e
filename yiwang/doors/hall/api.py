"""What the site's root needs of the hall: its reader of the journal, sending letters, and the lists people keep."""

from yiwang.doors.hall.edge import around_page
from yiwang.doors.hall.mail import READER, post_letters
from yiwang.doors.hall.saved import save_view

__all__ = ["READER", "around_page", "post_letters", "save_view"]
