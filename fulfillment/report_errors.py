"""What reports and their files refuse."""

from leaders.errors import DomainError


class ReportNotReady(DomainError):
    """A report can be downloaded once it is built, and until its file is removed."""

    code = "report_not_ready"


class RecipientsWrong(DomainError):
    """A report is mailed to addresses that can be right, and to a few people only."""

    code = "recipients_wrong"


class ScheduleNameTaken(DomainError):
    """Schedules are told apart by their names."""

    code = "schedule_name_taken"
