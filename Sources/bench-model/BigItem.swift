import Tally

/// The item of 17.5 KB and a hundred attributes, five of them nested maps and eight of them lists.
struct BigItem: Model {
    let pk: String
    let sk: String
    var s00: String
    var s01: String
    var s02: String
    var s03: String
    var s04: String
    var s05: String
    var s06: String
    var s07: String
    var s08: String
    var s09: String
    var s10: String
    var s11: String
    var s12: String
    var s13: String
    var s14: String
    var s15: String
    var s16: String
    var s17: String
    var s18: String
    var s19: String
    var s20: String
    var s21: String
    var s22: String
    var s23: String
    var s24: String
    var s25: String
    var s26: String
    var s27: String
    var s28: String
    var s29: String
    var s30: String
    var s31: String
    var s32: String
    var s33: String
    var s34: String
    var s35: String
    var s36: String
    var s37: String
    var s38: String
    var s39: String
    var s40: String
    var s41: String
    var s42: String
    var s43: String
    var s44: String
    var s45: String
    var s46: String
    var s47: String
    var s48: String
    var s49: String
    var s50: String
    var s51: String
    var s52: String
    var s53: String
    var s54: String
    var s55: String
    var s56: String
    var s57: String
    var s58: String
    var s59: String
    var n00: Double
    var n01: Int
    var n02: Double
    var n03: Int
    var n04: Double
    var n05: Int
    var n06: Double
    var n07: Int
    var n08: Double
    var n09: Int
    var n10: Double
    var n11: Int
    var n12: Double
    var n13: Int
    var n14: Double
    var b00: Bool
    var b01: Bool
    var b02: Bool
    var b03: Bool
    var b04: Bool
    var b05: Bool
    var b06: Bool
    var b07: Bool
    var b08: Bool
    var b09: Bool
    var l00: [Cell]
    var l01: [Cell]
    var l02: [Cell]
    var l03: [Cell]
    var l04: [Cell]
    var l05: [Cell]
    var l06: [Cell]
    var l07: [Cell]
    var m00: Section
    var m01: Section
    var m02: Section
    var m03: Section
    var m04: Section

    static let schema = Schema(
        table: .benchmark,
        BigItem.init,
        .partitionKey("pk", \.pk),
        .sortKey("sk", \.sk),
        .attribute("s00", \.s00),
        .attribute("s01", \.s01),
        .attribute("s02", \.s02),
        .attribute("s03", \.s03),
        .attribute("s04", \.s04),
        .attribute("s05", \.s05),
        .attribute("s06", \.s06),
        .attribute("s07", \.s07),
        .attribute("s08", \.s08),
        .attribute("s09", \.s09),
        .attribute("s10", \.s10),
        .attribute("s11", \.s11),
        .attribute("s12", \.s12),
        .attribute("s13", \.s13),
        .attribute("s14", \.s14),
        .attribute("s15", \.s15),
        .attribute("s16", \.s16),
        .attribute("s17", \.s17),
        .attribute("s18", \.s18),
        .attribute("s19", \.s19),
        .attribute("s20", \.s20),
        .attribute("s21", \.s21),
        .attribute("s22", \.s22),
        .attribute("s23", \.s23),
        .attribute("s24", \.s24),
        .attribute("s25", \.s25),
        .attribute("s26", \.s26),
        .attribute("s27", \.s27),
        .attribute("s28", \.s28),
        .attribute("s29", \.s29),
        .attribute("s30", \.s30),
        .attribute("s31", \.s31),
        .attribute("s32", \.s32),
        .attribute("s33", \.s33),
        .attribute("s34", \.s34),
        .attribute("s35", \.s35),
        .attribute("s36", \.s36),
        .attribute("s37", \.s37),
        .attribute("s38", \.s38),
        .attribute("s39", \.s39),
        .attribute("s40", \.s40),
        .attribute("s41", \.s41),
        .attribute("s42", \.s42),
        .attribute("s43", \.s43),
        .attribute("s44", \.s44),
        .attribute("s45", \.s45),
        .attribute("s46", \.s46),
        .attribute("s47", \.s47),
        .attribute("s48", \.s48),
        .attribute("s49", \.s49),
        .attribute("s50", \.s50),
        .attribute("s51", \.s51),
        .attribute("s52", \.s52),
        .attribute("s53", \.s53),
        .attribute("s54", \.s54),
        .attribute("s55", \.s55),
        .attribute("s56", \.s56),
        .attribute("s57", \.s57),
        .attribute("s58", \.s58),
        .attribute("s59", \.s59),
        .attribute("n00", \.n00),
        .attribute("n01", \.n01),
        .attribute("n02", \.n02),
        .attribute("n03", \.n03),
        .attribute("n04", \.n04),
        .attribute("n05", \.n05),
        .attribute("n06", \.n06),
        .attribute("n07", \.n07),
        .attribute("n08", \.n08),
        .attribute("n09", \.n09),
        .attribute("n10", \.n10),
        .attribute("n11", \.n11),
        .attribute("n12", \.n12),
        .attribute("n13", \.n13),
        .attribute("n14", \.n14),
        .attribute("b00", \.b00),
        .attribute("b01", \.b01),
        .attribute("b02", \.b02),
        .attribute("b03", \.b03),
        .attribute("b04", \.b04),
        .attribute("b05", \.b05),
        .attribute("b06", \.b06),
        .attribute("b07", \.b07),
        .attribute("b08", \.b08),
        .attribute("b09", \.b09),
        .attribute("l00", \.l00),
        .attribute("l01", \.l01),
        .attribute("l02", \.l02),
        .attribute("l03", \.l03),
        .attribute("l04", \.l04),
        .attribute("l05", \.l05),
        .attribute("l06", \.l06),
        .attribute("l07", \.l07),
        .attribute("m00", \.m00),
        .attribute("m01", \.m01),
        .attribute("m02", \.m02),
        .attribute("m03", \.m03),
        .attribute("m04", \.m04)
    )
}

extension BigItem {
    // As they would come from elsewhere: what is measured is the model's making, not that of its values.
    private static let texts = (0..<60).map { number in
        "value-\(number < 10 ? "0" : "")\(number)-"
            + String(repeating: "abcdefghijklmnopqrstuvwxyz0123456789", count: 4)
    }
    private static let cells = (0..<8).map { Cell.samples($0) }
    private static let sections = (0..<5).map { Section.sample($0) }

    static func sample() -> BigItem {
        BigItem(
            pk: "ORDER#0000001", sk: "DETAIL#2026", s00: texts[0], s01: texts[1], s02: texts[2], s03: texts[3],
            s04: texts[4], s05: texts[5], s06: texts[6], s07: texts[7], s08: texts[8], s09: texts[9], s10: texts[10],
            s11: texts[11], s12: texts[12], s13: texts[13], s14: texts[14], s15: texts[15], s16: texts[16],
            s17: texts[17],
            s18: texts[18], s19: texts[19], s20: texts[20], s21: texts[21], s22: texts[22], s23: texts[23],
            s24: texts[24],
            s25: texts[25], s26: texts[26], s27: texts[27], s28: texts[28], s29: texts[29], s30: texts[30],
            s31: texts[31],
            s32: texts[32], s33: texts[33], s34: texts[34], s35: texts[35], s36: texts[36], s37: texts[37],
            s38: texts[38],
            s39: texts[39], s40: texts[40], s41: texts[41], s42: texts[42], s43: texts[43], s44: texts[44],
            s45: texts[45],
            s46: texts[46], s47: texts[47], s48: texts[48], s49: texts[49], s50: texts[50], s51: texts[51],
            s52: texts[52],
            s53: texts[53], s54: texts[54], s55: texts[55], s56: texts[56], s57: texts[57], s58: texts[58],
            s59: texts[59],
            n00: 0.0, n01: 1007, n02: 6.5, n03: 3007, n04: 13.0, n05: 5007, n06: 19.5, n07: 7007, n08: 26.0,
            n09: 9007, n10: 32.5, n11: 11007, n12: 39.0, n13: 13007, n14: 45.5, b00: false, b01: true, b02: false,
            b03: true, b04: false, b05: true, b06: false, b07: true, b08: false, b09: true, l00: cells[0],
            l01: cells[1], l02: cells[2], l03: cells[3], l04: cells[4],
            l05: cells[5], l06: cells[6], l07: cells[7], m00: sections[0],
            m01: sections[1], m02: sections[2], m03: sections[3], m04: sections[4])
    }
}
