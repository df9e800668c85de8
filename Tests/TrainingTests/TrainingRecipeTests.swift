import Testing
import Training
import Units

@Suite("The recipe of training")
struct TrainingRecipeTests {
  /// All combinations of what is trained, with whether the device's part is.
  static let cases: [(trainable: Trainable, embedding: EmbeddingRule, isFrozen: Bool)] = [
    (.all, .trained, false), (.all, .frozen, true), (.head, .trained, true), (.head, .frozen, true),
  ]

  @Test("the device's part is frozen by its own key or because the head alone is trained", arguments: cases)
  func frozen(trainable: Trainable, embedding: EmbeddingRule, isFrozen: Bool) throws {
    let recipe = TrainingRecipe(trainable: trainable, embedding: embedding)
    #expect(recipe.freezesDevicePart == isFrozen)
    let model = try #require(ModelProfile.named("vit_base_patch32_224", classes: 10))
    #expect((model.backwardWork(of: .embedding, under: recipe) == .zero) == isFrozen)
    for framework in Framework.allCases {
      let sendsActivations = [.sflam, .sfl, .sflV2, .sl].contains(framework)
      #expect(recipe.keepsActivations(framework.traits, isAugmented: false) == (isFrozen && sendsActivations))
      #expect(!recipe.keepsActivations(framework.traits, isAugmented: true))
    }
  }

  @Test("the cases are all there are")
  func complete() {
    #expect(Self.cases.count == Trainable.allCases.count * EmbeddingRule.allCases.count)
  }
}
