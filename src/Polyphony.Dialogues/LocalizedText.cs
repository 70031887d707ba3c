using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Polyphony.Dialogues;

/// <summary>One text written by people in several languages.</summary>
/// <remarks>Equality compares the texts of all languages. Languages are BCP 47 codes in lower case, such as <c>en</c>.</remarks>
[JsonConverter(typeof(LocalizedTextJsonConverter))]
public sealed class LocalizedText : IEquatable<LocalizedText>
{
    /// <summary>The text that has been written in no language.</summary>
    public static readonly LocalizedText Empty = new(ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal));

    private readonly ImmutableSortedDictionary<string, string> texts;

    private LocalizedText(ImmutableSortedDictionary<string, string> texts) => this.texts = texts;

    /// <summary>The languages in which something is written, in ordinal order.</summary>
    public IEnumerable<string> Languages => texts.Keys;

    /// <summary>Whether nothing is written in any language.</summary>
    public bool IsEmpty => texts.IsEmpty;

    /// <summary>Makes a text; blank entries count as not written, the rest is trimmed.</summary>
    /// <param name="texts">Pairs of language and text.</param>
    /// <returns>The text.</returns>
    public static LocalizedText Of(IEnumerable<KeyValuePair<string, string>> texts) => new(texts
        .Where(pair => !string.IsNullOrWhiteSpace(pair.Value))
        .ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.Trim(), StringComparer.Ordinal));

    /// <summary>Makes a text of one or more languages.</summary>
    /// <param name="texts">Pairs of language and text.</param>
    /// <returns>The text.</returns>
    public static LocalizedText Of(params ReadOnlySpan<(string Language, string Text)> texts) =>
        Of(texts.ToArray().Select(pair => KeyValuePair.Create(pair.Language, pair.Text)));

    /// <summary>What is written in exactly this language.</summary>
    /// <param name="language">A language code.</param>
    /// <returns>The text, or null when it is not written.</returns>
    public string? Exactly(string language) => texts.GetValueOrDefault(language);

    /// <summary>The text in this language or the next best: the fallback, else the first that is written.</summary>
    /// <param name="language">The reader's language.</param>
    /// <param name="fallback">The dialogue's first language.</param>
    /// <returns>The text, empty when it is written in no language.</returns>
    public string In(string language, string fallback) =>
        texts.GetValueOrDefault(language) ?? texts.GetValueOrDefault(fallback) ?? texts.Values.FirstOrDefault() ?? "";

    /// <summary>The text in the first of a reader's languages in which it is written, else the next best.</summary>
    /// <param name="languages">The reader's languages, the dearest first.</param>
    /// <param name="fallback">The dialogue's first language.</param>
    /// <returns>The text, empty when it is written in no language.</returns>
    public string In(IReadOnlyList<string> languages, string fallback) => Exactly(LanguageIn(languages, fallback)) ?? "";

    /// <summary>The language of what <see cref="In(IReadOnlyList{string}, string)"/> gives.</summary>
    /// <param name="languages">The reader's languages, the dearest first.</param>
    /// <param name="fallback">The dialogue's first language.</param>
    /// <returns>The language, empty when it is written in none.</returns>
    public string LanguageIn(IReadOnlyList<string> languages, string fallback) =>
        languages.Append(fallback).FirstOrDefault(texts.ContainsKey) ?? texts.Keys.FirstOrDefault() ?? "";

    /// <summary>The languages of a list in which nothing is written.</summary>
    /// <param name="languages">The dialogue's languages.</param>
    /// <returns>The missing ones in the given order.</returns>
    public IReadOnlyList<string> MissingIn(IEnumerable<string> languages) => [.. languages.Where(language => !texts.ContainsKey(language))];

    /// <inheritdoc/>
    public bool Equals(LocalizedText? other) => other is not null && texts.SequenceEqual(other.texts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LocalizedText);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (KeyValuePair<string, string> pair in texts)
        {
            hash.Add(pair);
        }

        return hash.ToHashCode();
    }

    /// <summary>The JSON object of language to text, as it is stored and published.</summary>
    /// <returns>JSON.</returns>
    public string ToJson() => JsonSerializer.Serialize(texts);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">A JSON object of language to text.</param>
    /// <returns>The text.</returns>
    /// <exception cref="JsonException">The text is not such an object.</exception>
    public static LocalizedText FromJson(string json) =>
        Of(JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? throw new JsonException("null"));

    /// <inheritdoc/>
    public override string ToString() => ToJson();
}

/// <summary>Writes a <see cref="LocalizedText"/> as an object of language to text.</summary>
public sealed class LocalizedTextJsonConverter : JsonConverter<LocalizedText>
{
    /// <inheritdoc/>
    public override LocalizedText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException();
        }

        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string language = reader.GetString()!;
            reader.Read();
            texts[language] = reader.GetString() ?? throw new JsonException();
        }

        return LocalizedText.Of(texts);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, LocalizedText value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (string language in value.Languages)
        {
            writer.WriteString(language, value.Exactly(language));
        }

        writer.WriteEndObject();
    }
}
