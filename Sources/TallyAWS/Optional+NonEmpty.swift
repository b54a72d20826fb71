extension String? {
    /// The text; `nil` also for an empty one, which in variables and configuration files stands for an absent one.
    var nonEmpty: String? { self?.isEmpty == true ? nil : self }
}
