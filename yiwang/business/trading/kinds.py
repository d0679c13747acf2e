"""What this room writes into the journal, and who may see it when."""

from yiwang.common.funds import api as funds
from yiwang.common.notices import api as notices
from yiwang.record.journal.api import Kind, kind

PROJECT_REGISTERED = kind("project-registered", public="now", zh="项目登记", en="Project registered")
NOTICE_BEGUN = kind(
    "tender-notice-begun",
    public="never",
    zh="起草招标公告（投标邀请书）",
    en="Tender notice (invitation) begun",
)
NOTICE_RETURNED = kind("tender-notice-returned", public="never", zh="公告退回修改", en="Notice returned")
LOT_ANNOUNCED = kind("lot-announced", public="now", zh="招标公告发布", en="Tender announced")
LOT_INVITED = kind(  # after a prequalification: to those who passed
    "lot-invited", public="now", zh="投标邀请书发出", en="Invitation to bid sent"
)
DOCUMENTS_TAKEN = kind("documents-taken", public="never", zh="获取招标文件", en="Tender documents taken")
QUESTION_ASKED = kind(
    "question-asked", public="never", zh="就招标文件提问", en="Question about the documents"
)
LOT_CLARIFIED = kind(
    "lot-clarified", public="now", zh="招标文件澄清、修改", en="Documents clarified or amended"
)
LOT_POSTPONED = kind(
    "lot-postponed", public="now", zh="投标截止、开标延期", en="Deadline and opening put off"
)
PLACE_CORRECTED = kind("place-corrected", public="now", zh="开标地点更正", en="Place of opening corrected")
# One entry for all of them, whatever their number: the number of takers is secret (招标投标法 22).
TAKERS_TOLD = kind("takers-told", public="never", zh="告知获取招标文件者", en="Takers of the documents told")
OBJECTION_FILED = kind("objection-filed", public="never", zh="提出异议", en="Objection filed")
# Public without the objector: by the system, so that not even a pseudonym follows from it.
OBJECTION_RAISED = kind(
    "objection-raised",
    public="now",
    zh="有人对招标文件提出异议，招标暂停",
    en="Objection raised, tender suspended",
)
# At the opening everybody is present: the record of it names who objected, and its document holds the words.
OPENING_OBJECTED = kind(
    "opening-objected",
    public="now",
    zh="投标人当场对开标提出异议",
    en="Objection to the opening, on the spot",
)
RESULT_OBJECTED = kind(
    "result-objected",
    public="now",
    zh="有人对评标结果提出异议，招标暂停",
    en="Objection to the result, tender suspended",
)
OBJECTION_ANSWERED = kind("objection-answered", public="now", zh="异议已答复", en="Objection answered")
RESULT_UNDONE = kind(
    "result-undone",
    public="now",
    zh="对评标结果的异议成立，原公示失效",
    en="Objection to the result upheld, publicity void",
)
RESULT_ANNULLED = kind(
    "result-annulled",
    public="now",
    zh="行政监督部门责令重新评标，原评标结果无效",
    en="Ordered by the supervisor: the result is void, evaluated again",
)
EVALUATION_ANNULLED = kind(
    "evaluation-annulled",
    public="now",
    zh="行政监督部门责令重新评标，已作出的评审结论无效",
    en="Ordered by the supervisor: what was concluded so far is void, evaluated again",
)
LOT_SUSPENDED = kind(
    "lot-suspended",
    public="now",
    zh="暂停期间投标截止时间届满，不开标",
    en="Deadline passed in suspension, not opened",
)
# Who takes part in a consortium is told with the opening of its bid, and not before (招标投标法 22).
CONSENT_GIVEN = kind(
    "consortium-consented", public="never", zh="确认参加联合体", en="Takes part in a consortium"
)
CONSENT_TAKEN_BACK = kind(
    "consortium-consent-over",
    public="never",
    zh="撤回参加联合体的确认",
    en="Takes part in a consortium no more",
)
# A complaint is for complainant, supervisor and respondent alone; only that a tender was suspended by order is public.
COMPLAINT_MADE = kind(
    "complaint-made", public="never", zh="向行政监督部门投诉", en="Complaint to the supervisor"
)
COMPLAINT_WITHDRAWN = kind("complaint-withdrawn", public="never", zh="撤回投诉", en="Complaint withdrawn")
COMPLAINT_ACCEPTED = kind("complaint-accepted", public="never", zh="受理投诉", en="Complaint accepted")
COMPLAINT_REFUSED = kind("complaint-refused", public="never", zh="不予受理投诉", en="Complaint not accepted")
RESPONDENT_ASKED = kind("respondent-asked", public="never", zh="要求被投诉人说明", en="Respondent asked")
RESPONDENT_ANSWERED = kind("respondent-answered", public="never", zh="被投诉人说明", en="Respondent answered")
APPRAISAL_BEGUN = kind(
    "appraisal-begun", public="never", zh="送检验、检测、鉴定或者专家评审", en="Appraisal begun"
)
APPRAISAL_ENDED = kind(
    "appraisal-ended", public="never", zh="检验、检测、鉴定或者专家评审结束", en="Appraisal ended"
)
SUSPENSION_ORDERED = kind(
    "suspension-ordered", public="never", zh="就投诉责令暂停", en="Suspension ordered for a complaint"
)
SUSPENSION_LIFTED = kind(
    "suspension-lifted", public="never", zh="就投诉解除暂停", en="Suspension of a complaint lifted"
)
COMPLAINT_DECIDED = kind("complaint-decided", public="never", zh="投诉处理决定", en="Complaint decided")
CORRECTION_DONE = kind(
    "correction-done", public="never", zh="执行投诉处理决定", en="Decision on a complaint carried out"
)
CORRECTION_MOOT = kind(
    "correction-moot",
    public="never",
    zh="投诉处理决定不再需要执行",
    en="Decision on a complaint has nothing left to carry out",
)
LOT_STOPPED = kind(
    "lot-stopped",
    public="now",
    zh="行政监督部门责令暂停招标投标活动",
    en="Suspended by order of the supervisor",
)
LOT_RESUMED = kind(
    "lot-resumed", public="now", zh="责令暂停解除，恢复招标投标活动", en="Order lifted, the tender goes on"
)
BID_SUBMITTED = kind("bid-submitted", public="after:bids-opened", zh="递交投标文件", en="Bid submitted")
# What was replaced or withdrawn before the deadline is never opened: that it was there never becomes public.
BID_REPLACED = kind("bid-replaced", public="never", silences=True, zh="替换投标文件", en="Bid replaced")
BID_WITHDRAWN = kind("bid-withdrawn", public="never", silences=True, zh="撤回投标文件", en="Bid withdrawn")
BID_OUTAGE = kind(
    "bid-outage", public="now", zh="系统故障：按时送达而未能记录", en="Outage: arrived in time, not recorded"
)
DEADLINE_REACHED = kind("deadline-reached", public="now", zh="投标截止", en="Deadline reached")
LOT_FAILED = kind("lot-failed", public="now", zh="招标失败", en="Tender failed")
OPENING_SESSION = kind(
    "opening-session", public="now", zh="多个标段同场开标", en="Several lots opened in one session"
)
BIDS_OPENED = kind("bids-opened", public="now", zh="开标", en="Bids opened")
# How many of which field, and the digest of the secret: everybody may know before the opening. Who is called is told to
# nobody before the result (招标投标法 37), and after it by tickets, not by names.
EXPERT_DRAW_PLANNED = kind(
    "expert-draw-planned", public="now", zh="专家抽取方案", en="Draw of experts planned"
)
EXPERT_TICKETS = kind("expert-tickets", public="never", zh="专家抽取号", en="Whose the tickets of a draw are")
EXPERT_DRAW_HELD = kind(
    "expert-draw-held", public="after:award-decided", zh="随机抽取评标专家", en="Experts drawn at random"
)
EXPERT_CALLED = kind(
    "expert-called", public="after:award-decided", zh="通知抽中的专家", en="Drawn expert called"
)
EXPERT_ANSWERED = kind(
    "expert-answered", public="after:award-decided", zh="抽中的专家答复", en="Drawn expert answered"
)
EXPERTS_NAMED = kind(
    "experts-named",
    public="now",
    zh="特殊招标项目，招标人直接确定专家",
    en="Special tender: experts named directly",
)
# A sign is no finding: never public, and who decides is the committee.
SIGNS_FOUND = kind("signs-found", public="never", zh="开标后核对投标人关系", en="Signs among the bids")
DEPOSIT_PAYERS_NOTED = kind(
    "deposit-payers-noted",
    public="never",
    zh="登记投标保证金付款人",
    en="Payers of the deposits noted",
)
COMMITTEE_ENTERED = kind(
    "committee-entered", public="after:award-decided", zh="评标委员会组成", en="Evaluation committee entered"
)
MEMBER_REPLACED = kind(
    "member-replaced",
    public="after:award-decided",
    zh="更换评标委员会成员",
    en="Member of the committee replaced",
)
MOTION_PROPOSED = kind("motion-proposed", public="never", zh="提出评审意见", en="Decision on a bid proposed")
VOTE_CAST = kind("vote-cast", public="never", zh="表决", en="Vote cast")
BIDDER_ASKED = kind("bidder-asked", public="never", zh="书面要求澄清", en="Bidder asked in writing")
COMMITTEE_ANSWERED = kind(
    "committee-answered", public="never", zh="书面澄清", en="Committee answered in writing"
)
REVIEW_ENDED = kind(
    "preliminary-review-ended", public="after:candidates-publicised", zh="初步评审结束",
    en="Preliminary review ended",
)  # fmt: skip
TIME_ASKED = kind("evaluation-time-asked", public="never", zh="认为评标时间不够", en="More time asked for")
TIME_EXTENDED = kind(
    "evaluation-time-extended", public="after:candidates-publicised", zh="延长评标时间",
    en="Time of the evaluation extended",
)  # fmt: skip
SCORES_HANDED_IN = kind(
    "scores-handed-in", public="after:award-decided", zh="提交评分表", en="Scoring sheet handed in"
)
SCORES_UNEVEN = kind(
    "scores-uneven", public="never", zh="客观分不一致，重新核对", en="Objective points differ, to be settled"
)
REPORT_DRAWN_UP = kind("report-drawn-up", public="never", zh="编制评标报告", en="Evaluation report drawn up")
REPORT_SIGNED = kind(
    "report-signed", public="after:award-decided", zh="评标报告签字", en="Evaluation report signed"
)
BID_REJECTED = kind("bid-rejected", public="after:candidates-publicised", zh="否决投标", en="Bid rejected")
BID_EVALUATED = kind(
    "bid-evaluated", public="after:candidates-publicised", zh="评审价格确定", en="Evaluated price recorded"
)
REPORT_RECEIVED = kind(
    "report-received",
    public="after:candidates-publicised",
    zh="收到评标报告",
    en="Evaluation report received",
)
CANDIDATES_PUBLICISED = kind(
    "candidates-publicised", public="now", zh="中标候选人公示", en="Shortlisted bidders publicised"
)
PUBLICITY_ENDED = kind("publicity-ended", public="now", zh="公示期满", en="Publicity ended")
AWARD_DECIDED = kind(
    "award-decided", public="now", zh="定标并发出中标通知书", en="Award decided, letter sent"
)
CANDIDATE_PASSED = kind(
    "candidate-passed",
    public="now",
    zh="认定中标候选人不符合中标条件",
    en="Shortlisted bidder passed over",
)
AWARD_WITHDRAWN = kind("award-withdrawn", public="now", zh="取消中标", en="Award withdrawn")
REEXAMINATION_ORDERED = kind(
    "reexamination-ordered",
    public="now",
    zh="请原评标委员会审查确认",
    en="Committee asked to re-examine a candidate",
)
REEXAMINATION_CONCLUDED = kind(
    "reexamination-concluded", public="now", zh="原评标委员会审查结论", en="Re-examination concluded"
)
BIDDER_TOLD = kind("bidder-told", public="never", zh="告知投标人", en="Bidder told")
WRITTEN_REPORT = kind(
    "written-report", public="now", zh="提交招标投标情况书面报告", en="Written report handed in"
)
TENDER_FORGONE = kind("tender-forgone", public="now", zh="再次招标失败，不再招标", en="Not tendered again")
CONTRACT_SIGNED = kind("contract-signed", public="now", zh="合同订立", en="Contract signed")
LOT_ARCHIVED = kind("lot-archived", public="now", zh="归档", en="Archived")
LOT_TERMINATED = kind("lot-terminated", public="now", zh="终止招标", en="Tender terminated")
LOT_RETENDERED = kind("lot-retendered", public="now", zh="重新招标", en="Re-tendered")
SUPERVISOR_READ = kind("supervisor-read", public="never", zh="监督部门查阅", en="Read by a supervisor")
# Never public: who takes an archive away is told to no visitor.
ARCHIVE_EXPORTED = kind("archive-exported", public="never", zh="导出项目档案", en="Project archive exported")
# Prequalification: neither who applied nor how many did comes out (招标投标法 22); that it ended, and how, does.
PREQUALIFICATION_ANNOUNCED = kind(
    "prequalification-announced", public="now", zh="资格预审公告发布", en="Prequalification announced"
)
PREQUALIFICATION_CLARIFIED = kind(
    "prequalification-clarified",
    public="now",
    zh="资格预审文件澄清、修改",
    en="Prequalification documents clarified or amended",
)
PREQUALIFICATION_POSTPONED = kind(
    "prequalification-postponed",
    public="now",
    zh="资格预审申请截止延期",
    en="Deadline for applications put off",
)
PREQUALIFICATION_OBJECTED = kind(
    "prequalification-objected",
    public="now",
    zh="有人对资格预审文件提出异议，招标暂停",
    en="Objection to the prequalification documents, tender suspended",
)
APPLICATION_SUBMITTED = kind(
    "application-submitted", public="never", zh="递交资格预审申请", en="Application handed in"
)
APPLICATION_REPLACED = kind(
    "application-replaced", public="never", silences=True, zh="替换资格预审申请", en="Application replaced"
)
APPLICATION_WITHDRAWN = kind(
    "application-withdrawn", public="never", silences=True, zh="撤回资格预审申请", en="Application withdrawn"
)
APPLICATIONS_CLOSED = kind(
    "applications-closed", public="now", zh="资格预审申请截止", en="Applications closed"
)
REVIEW_COMMITTEE_ENTERED = kind(
    "review-committee-entered",
    public="after:award-decided",
    zh="资格审查委员会组成",
    en="Review committee entered",
)
REVIEWER_REPLACED = kind(
    "reviewer-replaced",
    public="after:award-decided",
    zh="更换资格审查委员会成员",
    en="Member of the review committee replaced",
)
APPLICATION_REVIEWED = kind(
    "application-reviewed", public="never", zh="资格审查表决", en="Vote on an application"
)
APPLICATION_DECIDED = kind("application-decided", public="never", zh="资格审查结论", en="Application decided")
PREQUALIFICATION_NOTIFIED = kind(
    "prequalification-notified",
    public="now",
    zh="发出资格预审结果通知书",
    en="Applicants notified of the result",
)
APPLICANT_TOLD = kind("applicant-told", public="never", zh="资格预审结果通知书", en="Result notice")
LOT_CLOSED = kind("lot-closed", public="now", zh="截止后转入开标", en="Closed, ready to open")
LOT_GIVEN = kind("lot-given", public="never", zh="确定标段负责人", en="Somebody put in charge of a lot")
ABSENCE_NOTED = kind("absence-noted", public="never", zh="登记外出与代理人", en="Absence and deputy noted")
ABSENCE_ENDED = kind("absence-ended", public="never", zh="结束外出", en="Absence ended")

KINDS = {each.name: each for each in list(globals().values()) if isinstance(each, Kind)}

# What pages say instead of the name of a kind: those of this room and of what it has done by rooms below.
KIND_WORDS = {**notices.KIND_WORDS, **funds.KIND_WORDS} | {name: each.words for name, each in KINDS.items()}
