import EdgeCarrier
import Testing

@Suite
struct MemoryBudgetTests {
    @Test
    func moreThanMayWaitIsTooMuchUntilItHasLeft() {
        let budget = MemoryBudget(limit: 100)
        budget.change(by: 60)
        budget.change(by: 40)
        #expect(!budget.isExceeded, "all that may wait does")
        budget.change(by: 1)
        #expect(budget.isExceeded)
        budget.change(by: -41)
        #expect(!budget.isExceeded)
        #expect(budget.waiting == 60)
    }

    @Test
    func aReloadMayLowerTheLimit() {
        let budget = MemoryBudget(limit: 100)
        budget.change(by: 60)
        budget.setLimit(50)
        #expect(budget.isExceeded)
        budget.setLimit(60)
        #expect(!budget.isExceeded)
    }

    @Test(arguments: [(100, 75), (4096, 3072), (10, 8), (1, 1)])
    func threeQuartersAreTight(limit: Int, tight: Int) {
        let budget = MemoryBudget(limit: limit)
        budget.change(by: tight)
        #expect(!budget.isTight && !budget.isExceeded)
        budget.change(by: 1)
        #expect(budget.isTight)
        budget.change(by: limit - budget.waiting)
        #expect(!budget.isExceeded)
        budget.change(by: 1)
        #expect(budget.isTight && budget.isExceeded)
    }
}
