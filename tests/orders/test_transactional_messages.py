"""We write to residents about what they ordered, and never past their leader."""

from orders.models.outbox import Topic

# Whom a topic goes to, and the deed of theirs or the duty to them that it answers.
# A new topic that answers none is advertising: it does not belong here.
REASONS = {
    Topic.LOGIN_CODE: "whoever asked for the code, to log in",
    Topic.ORDER_PAID: "the resident, who has just paid",
    Topic.PAYMENT_RETURNED: "the payer, whose money goes back",
    Topic.SHORTAGE_REFUNDED: "the resident, whose goods are short",
    Topic.ARRIVED: "the resident, whose goods can be fetched",
    Topic.PICKUP_REMINDER: "the resident, whose paid goods still wait",
    Topic.CLAIM_DECIDED: "the resident, who made the claim",
    Topic.WEIGHT_REFUNDED: "the resident, whose goods weigh less than paid",
    Topic.RECALL: "the resident and the leader, whose goods are called back",
    Topic.PURCHASE_ORDER: "the supplier, who is to deliver",
    Topic.PURCHASE_REMINDER: "the supplier, who has not confirmed",
    Topic.DELIVERY_LATE: "the leader, who waits for the van",
    Topic.CLAIM_TO_LEADER: "the leader, who may answer a claim",
    Topic.LEVEL_NOTICE: "the leader, whose level changes",
    Topic.PAYOUT_TO_CONFIRM: "the leader, whose money waits for a tap",
}


def test_every_topic_answers_a_deed_or_a_duty() -> None:
    assert set(REASONS) == set(Topic)
