using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Polyphony.Dialogues;
using Polyphony.Storage.Agendas;

namespace Polyphony.Web.Agendas;

/// <summary>An agenda as a file: to reuse it, translate it, or write it elsewhere.</summary>
public sealed record AgendaFile([property: JsonRequired] IReadOnlyList<AgendaSession> Sessions)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads a file strictly.</summary>
    /// <returns>The agenda, or where it stops being one.</returns>
    public static (AgendaFile? File, string? Problem) Read(byte[] json)
    {
        try
        {
            return (JsonSerializer.Deserialize<AgendaFile>(json, Options), null);
        }
        catch (JsonException broken)
        {
            return (null, string.Create(CultureInfo.InvariantCulture, $"{broken.LineNumber + 1}:{broken.BytePositionInLine + 1} {broken.Path}"));
        }
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <summary>Everything that is wrong: place in the file and code.</summary>
    public IReadOnlyList<(string Place, string Code)> Problems(IReadOnlyList<string> languages)
    {
        List<(string, string)> problems = [];
        int firsts = 0;
        foreach ((int s, AgendaSession session) in Sessions.Index())
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"{s + 1}");
            firsts += session.Kind == AgendaSession.Before ? 1 : 0;
            if (session.Kind is not (null or AgendaSession.Before or AgendaSession.After))
            {
                problems.Add((place, "session-kind-unknown"));
            }

            if (session.Kind == AgendaSession.After && --firsts < 0)
            {
                firsts = 0;
                problems.Add((place, "after-without-before"));
            }

            if (session is { Kind: AgendaSession.After, Questions.Count: > 0 })
            {
                problems.Add((place, "after-with-questions"));
            }

            if (session is { Kind: AgendaSession.Before, Questions: null or { Count: 0 } })
            {
                problems.Add((place, "before-without-questions"));
            }
            if (session.Title.MissingIn(languages).Count > 0)
            {
                problems.Add((place, "title-missing"));
            }

            if (session.Start is not null && !TimeOnly.TryParseExact(session.Start, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            {
                problems.Add((place, "start-not-a-time"));
            }

            if (session.Date is not null && !DateOnly.TryParseExact(session.Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            {
                problems.Add((place, "date-not-a-date"));
            }

            foreach ((int q, AgendaQuestion question) in (session.Questions ?? []).Index())
            {
                string at = string.Create(CultureInfo.InvariantCulture, $"{s + 1}.{q + 1}");
                if (question.KindOrNull is not { } kind)
                {
                    problems.Add((at, "kind-unknown"));
                    continue;
                }

                if (question.Text.MissingIn(languages).Count > 0)
                {
                    problems.Add((at, "text-missing"));
                }

                if (kind == QuestionKind.Scale5 ? question.Options.Count != 5 : question.Options.Count is < 2 or > 30)
                {
                    problems.Add((at, "options-count"));
                }

                if (question.Options.Any(option => option.MissingIn(languages).Count > 0))
                {
                    problems.Add((at, "option-missing"));
                }

                if (question.MaxChoices is { } most && (most < 1 || most > question.Options.Count))
                {
                    problems.Add((at, "max-choices"));
                }
            }
        }

        return problems;
    }

    public static AgendaFile Of(IEnumerable<Session> sessions) => new([
        .. sessions.OrderBy(session => session.Position).Select(session => new AgendaSession(
            session.Title, session.Introduction.IsEmpty ? null : session.Introduction,
            session.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), session.Start.ToString("HH:mm", CultureInfo.InvariantCulture), session.Minutes, session.Round,
            session.Kind == SessionKind.After ? null : [
                .. session.Questions.OrderBy(question => question.Position).Select(question => new AgendaQuestion(
                    AgendaQuestion.NameOf(question.Kind), question.Text, question.Hint.IsEmpty ? null : question.Hint,
                    question.Kind == QuestionKind.MultipleChoice ? question.MaxChoices : null,
                    [.. question.Options.OrderBy(option => option.Position).Select(option => option.Text)])),
            ],
            session.Kind switch { SessionKind.Before => AgendaSession.Before, SessionKind.After => AgendaSession.After, _ => null })),
    ]);
}

public sealed record AgendaSession(
    [property: JsonRequired] LocalizedText Title, LocalizedText? Introduction, string? Date, string? Start, int? Minutes, int? Round, IReadOnlyList<AgendaQuestion>? Questions, string? Kind = null)
{
    /// <summary>Questions that are asked again later.</summary>
    public const string Before = "before";

    /// <summary>The second asking of the first "before" of the file that has none yet; it has no questions of its own.</summary>
    public const string After = "after";
}

public sealed record AgendaQuestion(
    [property: JsonRequired] string Kind, [property: JsonRequired] LocalizedText Text, LocalizedText? Hint, int? MaxChoices, [property: JsonRequired] IReadOnlyList<LocalizedText> Options)
{
    [JsonIgnore]
    public QuestionKind? KindOrNull => Kind switch { "single" => QuestionKind.SingleChoice, "multiple" => QuestionKind.MultipleChoice, "scale" => QuestionKind.Scale5, _ => null };

    public static string NameOf(QuestionKind kind) => kind switch { QuestionKind.SingleChoice => "single", QuestionKind.MultipleChoice => "multiple", _ => "scale" };
}
