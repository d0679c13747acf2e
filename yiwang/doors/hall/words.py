"""Words of the hall that are not sentences of a finding: what stands on buttons, in lists and in messages."""

from __future__ import annotations

from yiwang.pure.kernel.words import Words

MESSAGES = {
    "lot-given": Words("您成为这个标段的负责人。", "You are in charge of this lot now."),
    "committee-asks": Words(
        "评标委员会书面要求贵单位澄清，请书面答复。", "The committee asks you in writing: answer in writing."
    ),
    "inquiry-ended": Words(
        "提出书面询问的评标委员会已按责令退出，原询问不必再答复。",
        "The committee that asked you in writing was stood down by order: you need not answer it any more.",
    ),
    "stood-down": Words(
        "行政监督部门责令重新组建评标委员会，您不再参加本标段的评标；评标情况仍须保密（招标投标法第四十四条）。",
        "The supervisory body ordered a newly formed committee: you sit on this one no more. What you know of the evaluation stays secret (Bidding Law, art. 44).",
    ),
    "namesake-seated": Words(
        "按决定重新组建的评标委员会中，有成员与退出的成员同名；交易中心已写明系另一人及区分的依据，请核对。",
        "On the committee that was newly formed as ordered sits somebody with the name of a member who was stood down. The centre has written down what tells them apart: check it.",
    ),
    "call-ended": Words(
        "行政监督部门责令重新组建评标委员会，此前的评标通知不再有效，不必再到场或者答复。",
        "The supervisory body ordered a newly formed committee: your call to this evaluation has ended, and nothing is asked of you.",
    ),
    "more-time": Words(
        "超过三分之一的评委认为评标时间不够，请延长评标时间。",
        "More than a third of the committee needs more time: extend the evaluation.",
    ),
    "experts-used-up": Words(
        "抽中的专家不足，请编制补充抽取方案。", "Too few of the experts drawn can come: plan a further draw."
    ),
    "notice-returned": Words(
        "公告被退回修改，请按核验意见重新编制。", "A notice was returned: draft it again as the centre asks."
    ),
    "question-asked": Words(
        "有人就文件提问，请以澄清通知答复。",
        "Somebody asked about the documents: answer with a clarification.",
    ),
    "documents-clarified": Words(
        "招标文件有澄清或者修改，投标截止时间不变。",
        "The documents were clarified or amended; the deadline stays.",
    ),
    "deadline-moved": Words(
        "招标文件有澄清或者修改，投标截止时间已顺延。",
        "The documents were clarified or amended, and the deadline has moved.",
    ),
    "prequalification-clarified": Words(
        "资格预审文件有澄清或者修改，申请截止时间不变。",
        "The prequalification documents were clarified or amended; the deadline stays.",
    ),
    "application-deadline-moved": Words(
        "资格预审文件有澄清或者修改，申请截止时间已顺延。",
        "The prequalification documents were clarified or amended, and the deadline has moved.",
    ),
    "lot-postponed": Words(
        "投标截止和开标已延期，新的时间见延期公告。",
        "The deadline and the opening were put off: the notice says until when.",
    ),
    "applications-postponed": Words(
        "资格预审申请截止已延期，新的时间见延期公告。",
        "The deadline for applications was put off: the notice says until when.",
    ),
    "place-corrected": Words(
        "开标地点已更正，新的地点见更正公告。",
        "The place of the opening was corrected: the notice says where.",
    ),
    "objection-raised": Words(
        "有人对招标文件提出异议，招标暂停；请在法定期限内答复。",
        "Somebody objected to the documents: the tender is suspended, and the law sets a time for the answer.",
    ),
    "opening-objected": Words(
        "投标人当场对开标提出异议，请当场答复。",
        "A bidder objected to the opening: answer on the spot.",
    ),
    "prequalification-objected": Words(
        "有人对资格预审文件提出异议，招标暂停；请在法定期限内答复。",
        "Somebody objected to the prequalification documents: the tender is suspended, and the law sets a time for the answer.",
    ),
    "prequalified": Words(
        "贵单位通过资格预审，结果通知书已发出；投标邀请书将另行发出。",
        "You passed prequalification. The invitation to bid follows.",
    ),
    "not-prequalified": Words(
        "贵单位未通过资格预审，理由见结果通知书。",
        "You did not pass prequalification: the notice says why.",
    ),
    "prequalification-failed": Words(
        "资格预审申请人或者通过的申请人少于三个，本次招标到此为止，依法重新招标。",
        "Fewer than three applied or passed: this tender ends here and is held again.",
    ),
    "invited": Words(
        "投标邀请书已发出，请在发售期内获取招标文件。",
        "You are invited to bid: take the tender documents while they can be had.",
    ),
    "result-objected": Words(
        "有人对评标结果提出异议，招标暂停；请在法定期限内答复。",
        "Somebody objected to the result: the tender is suspended, and the law sets a time for the answer.",
    ),
    "result-annulled": Words(
        "行政监督部门责令重新评标，原评标结果、公示和中标通知书失效，结果以后续公告为准。",
        "The supervisory body ordered a new evaluation: result, publicity and award letter are void, a later notice will say what holds.",
    ),
    "evaluation-annulled": Words(
        "行政监督部门责令重新评标：已作出的评审结论无效，由评标委员会从头评审。",
        "The supervisory body ordered a new evaluation: what was concluded so far is void, and the committee begins again.",
    ),
    "evaluation-anew": Words(
        "行政监督部门责令重新组建评标委员会：已作出的评审结论无效，由新的评标委员会从头评审。",
        "The supervisory body ordered a newly formed committee: what was concluded so far is void, and the new one begins from the start.",
    ),
    "committee-annulled": Words(
        "行政监督部门责令重新组建评标委员会、重新评标，原评标结果、公示和中标通知书失效，结果以后续公告为准。",
        "The supervisory body ordered a newly formed committee to evaluate again: result, publicity and award letter are void, a later notice will say what holds.",
    ),
    "result-undone": Words(
        "对评标结果的异议成立，原中标候选人公示失效，结果以后续公告为准。",
        "An objection to the result was upheld: the publicity is void, a later notice will say what holds.",
    ),
    "objection-answered": Words("贵单位的异议已答复。", "Your objection has been answered."),
    "complaint-made": Words(
        "收到一件投诉，请在法定期限内决定是否受理。",
        "A complaint has come in: the law sets a time for accepting it or not.",
    ),
    "complaint-accepted": Words("贵单位的投诉已受理。", "Your complaint was accepted."),
    "complaint-refused": Words(
        "贵单位的投诉不予受理，理由见投诉页面。", "Your complaint was not accepted: its page says why."
    ),
    "complaint-asked": Words(
        "行政监督部门就一件投诉要求贵单位说明。", "The supervisor asks you about a complaint: answer it."
    ),
    "complaint-answered": Words("被投诉人已作说明。", "The respondent has answered."),
    "complaint-withdrawn": Words("投诉人已撤回投诉。", "A complaint was withdrawn."),
    "correction-ordered": Words(
        "投诉处理决定责令本单位改正，执行办法见投诉页面。",
        "A decision on a complaint orders you to correct something: its page says what, and where.",
    ),
    "correction-moot": Words(
        "本次招标已经结束，责令改正的投诉处理决定不再需要执行。",
        "The tender has ended, so nothing is left to carry out of what a decision ordered.",
    ),
    "correction-done": Words("责令改正的投诉处理决定已执行。", "What a decision ordered was carried out."),
    "complaint-decided": Words("投诉处理决定已作出。", "A complaint has been decided."),
    "lot-stopped": Words(
        "行政监督部门责令暂停招标投标活动，恢复之前不截止、不开标、不评标、不定标。",
        "The supervisor ordered the tender to be suspended: nothing is closed, opened, evaluated or awarded until it is lifted.",
    ),
    "lot-resumed": Words("责令暂停已解除，招标投标活动恢复。", "The order was lifted: the tender goes on."),
    "lot-suspended": Words(
        "投标截止时间在招标暂停期间届满，不截止、不开标，等待新的投标截止时间。",
        "The deadline passed while the tender was suspended: nothing is opened until a new deadline is set.",
    ),
    "lot-failed": Words(
        "招标失败。投标人可取回保证金；招标人应当发布公告并重新招标。",
        "The tender failed. Bidders get their deposits back; the tenderee gives notice and tenders again.",
    ),
    "lot-terminated": Words(
        "招标人终止了本次招标，已收取的费用和保证金应当退还。",
        "The tenderee terminated this tender; fees and deposits are to be returned.",
    ),
    "tender-annulled": Words(
        "行政监督部门责令重新招标，本次招标到此为止；以后续公告为准，保证金应当退还。",
        "The supervisory body ordered a new tender, so this one ends here; a later notice says how it goes on. Deposits go back.",
    ),
    "documents-annulled": Words(
        "招标文件违法，本次招标到此为止；修改后重新招标，以后续公告为准，保证金应当退还。",
        "The documents were unlawful, so this tender ends here; it is held again after they are amended. Deposits go back.",
    ),
    "candidates-publicised": Words(
        "中标候选人已公示，有异议的请在公示期内向招标人提出。",
        "The shortlisted bidders are publicised: objections go to the tenderee while publicity runs.",
    ),
    "award-letter": Words("贵单位中标，中标通知书已发出。", "Your bid won: the award letter has been sent."),
    "passed-over": Words(
        "贵单位被认定不符合中标条件，理由见标段页面。",
        "You were passed over for the award; the reason stands on the page of the lot.",
    ),
    "reexamined": Words(
        "原评标委员会已作出审查结论。", "The original committee has concluded its re-examination."
    ),
    "not-chosen": Words("本标段已定标，贵单位未中标。", "The award was decided; another bidder won."),
}
UNNAMED_MESSAGE = Words("与本标段有关的通知", "A message about this lot")

# What falls due in the life of a tender; other duties (pages to be written anew) are nobody's to wait for.
DUTIES = {
    "publish-notice": Words("发布公告", "A notice is published"),
    "close-lot": Words("投标截止或者资格预审申请截止", "Deadline for bids or applications"),
    "end-publicity": Words("公示期满", "Publicity ends"),
}
