import Testing

@testable import TallyMetrics

@Suite struct RollingWindowTests {
    @Test func `an empty window has no bounds and no extremes`() {
        #expect(RollingWindow().contents(at: 1_000) == RollingWindow.Contents())
        #expect(RollingWindow().contents(at: 1_000).seconds == nil)
        #expect(RollingWindow().contents(at: 1_000).minimum == nil)
    }

    @Test func `one value a second is sixty in the window, from the first minute on`() {
        var window = RollingWindow()
        for second in 0..<600 {
            window.add(1, at: second)
            let contents = window.contents(at: second)
            #expect(contents.count == min(second + 1, 60))
            #expect(contents.sum == Double(contents.count))
            #expect(contents.seconds == max(0, second - 59)...second)
        }
    }

    @Test func `what is older than a minute is gone, though nothing came after it`() {
        var window = RollingWindow()
        window.add(-3, at: 10)
        window.add(5, at: 12)

        #expect(window.contents(at: 69).count == 2)
        #expect(window.contents(at: 69).minimum == -3)
        #expect(window.contents(at: 70).seconds == 12...12)
        #expect(window.contents(at: 70).minimum == 5)
        #expect(window.contents(at: 72).count == 0)
    }

    @Test func `a value that comes a lap late does not spoil the slot of another second`() {
        var window = RollingWindow()
        window.add(1, at: 65)
        window.add(100, at: 5)

        #expect(window.contents(at: 65).sum == 1)
        #expect(window.contents(at: 65).seconds == 65...65)
    }
}
