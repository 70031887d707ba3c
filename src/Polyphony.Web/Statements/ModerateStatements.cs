using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sheets;
using Polyphony.Statistics.Disclosure;
using Polyphony.Statistics.Duplicates;
using Polyphony.Statistics.Routing;
using Polyphony.Storage;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Statements;
using Polyphony.Web.Audiences;
using Polyphony.Web.Recruitment;

namespace Polyphony.Web.Statements;

/// <summary>The organiser's page of statements: the topic, seeds, and what citizens wrote, looked at before anybody else sees it.</summary>
internal static class ModerateStatements
{
    public const int MostStatements = 10_000;

    private const int MostTwins = 3;

    public static void Map(RouteGroupBuilder organiser, RouteGroupBuilder reader)
    {
        reader.MapGet("/statements", ShowAsync);
        organiser.MapPost("/statements/topic", SaveTopicAsync).TakesForm();
        organiser.MapPost("/statements/seed", SeedAsync).TakesForm();
        organiser.MapPost("/statements/{statement}/accept", AcceptAsync).TakesForm();
        organiser.MapPost("/statements/{statement}/reject", RejectAsync).TakesForm();
    }

    private static string Base(DialogueScope scope) => $"/organise/{scope.Dialogue.Slug}/statements";

    private static Task<IResult> ShowAsync(DialogueScope scope, Db db, RoutingWatches watches, HttpRequest request, CancellationToken cancellationToken) =>
        PageAsync(scope, db, watches, request.Query["notice"].ToString(), request.Query["problem"].ToString(), [], cancellationToken);

    /// <summary>The page, with what is wrong with a file.</summary>
    public static async Task<IResult> PageAsync(DialogueScope scope, Db db, RoutingWatches watches, string notice, string problem, IReadOnlyList<SheetProblem> fileProblems, CancellationToken cancellationToken)
    {
        StatementVote? vote = await db.StatementVotes.AsNoTracking().SingleOrDefaultAsync(v => v.DialogueId == scope.DialogueId, cancellationToken);
        List<Statement> statements = await db.Statements.AsNoTracking().Where(statement => statement.DialogueId == scope.DialogueId).ToListAsync(cancellationToken);
        int people = await db.StatementParticipations.CountAsync(took => took.DialogueId == scope.DialogueId, cancellationToken);

        // Waiting ones come in the order of their random identifiers, which is no order of writing.
        return new RazorComponentResult<ModerateStatementsPage>(new
        {
            Model = new ModerateStatementsModel(
                scope, vote,
                [.. statements.Where(statement => statement.State == StatementState.Waiting).OrderBy(statement => statement.Id.Value)],
                [.. statements.Where(statement => statement.State == StatementState.Accepted).OrderBy(statement => statement.Number)],
                [.. statements.Where(statement => statement.State == StatementState.Rejected).OrderBy(statement => statement.Id.Value)],
                DisclosureGate.LiveBallots(people), Twins(statements),
                vote?.State == BallotState.Open ? new RoutingLook(await watches.LookAsync(db, scope.DialogueId, cancellationToken), (await StatementRoute.ReadAsync(db, scope.DialogueId, cancellationToken)).Unready().Count) : null,
                problem, notice, fileProblems),
        })
        {
            StatusCode = UploadedSheet.StatusOf(problem, fileProblems),
        };
    }

    /// <summary>For each waiting statement those that may say the same, in the language in which it was written. A person decides; nothing is merged.</summary>
    private static Dictionary<StatementId, IReadOnlyList<Statement>> Twins(List<Statement> statements)
    {
        Dictionary<StatementId, IReadOnlyList<Statement>> twins = [];
        foreach (string language in statements.Where(statement => statement.State == StatementState.Waiting).Select(statement => statement.Language).Distinct().ToList())
        {
            Statement[] those = [.. statements.Where(statement => statement.Text.Exactly(language) is not null)];
            var alike = NearDuplicates.Of([.. those.Select(statement => statement.Text.Exactly(language)!)]).Where(pair => pair.Block == DuplicateBlock.None).ToList();
            foreach ((int index, Statement statement) in those.Index().Where(pair => pair.Item.State == StatementState.Waiting && pair.Item.Language == language))
            {
                Statement[] others = [.. alike.Where(pair => pair.First == index || pair.Second == index).Select(pair => those[pair.First == index ? pair.Second : pair.First]).Take(MostTwins)];
                if (others.Length > 0)
                {
                    twins[statement.Id] = others;
                }
            }
        }

        return twins;
    }

    private static async Task<IResult> SaveTopicAsync(DialogueScope scope, Db db, TimeProvider clock, HttpRequest request, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        LocalizedText topic = Words(form, "topic", scope, 500);
        if (topic.MissingIn(scope.Dialogue.Languages).Count > 0)
        {
            return Results.Redirect(Base(scope) + "?problem=topic");
        }

        StatementVote? vote = await db.StatementVotes.SingleOrDefaultAsync(v => v.DialogueId == scope.DialogueId, cancellationToken);
        if (vote is null)
        {
            vote = new StatementVote { DialogueId = scope.DialogueId };
            db.StatementVotes.Add(vote);
        }
        else if (form["version"] != vote.Version.ToString("N"))
        {
            return Results.Redirect(Base(scope) + "?problem=changed");
        }

        (vote.Topic, vote.TakesStatements, vote.Version) = (topic, form["takes"] == "yes", Guid.CreateVersion7(clock.GetUtcNow()));
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(Base(scope) + "?notice=saved");
    }

    /// <summary>Adds statements of the organisers, one a line, as many lines in each language.</summary>
    private static async Task<IResult> SeedAsync(DialogueScope scope, Db db, HttpRequest request, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        Dictionary<string, string[]> lines = scope.Dialogue.Languages.ToDictionary(
            language => language, language => form["lines." + language].ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), StringComparer.Ordinal);
        int count = lines[scope.Dialogue.Languages[0]].Length;
        int last = await LastNumberAsync(scope, db, cancellationToken);
        if (count == 0 || last + count > MostStatements || lines.Values.Any(given => given.Length != count || given.Any(line => line.Length > StatementDesk.MostLetters)))
        {
            return Results.Redirect(Base(scope) + "?problem=" + (lines.Values.Any(given => given.Length != count) ? "lines" : "length"));
        }

        if (await IsClosedAsync(scope, db, cancellationToken))
        {
            return Results.Redirect(Base(scope) + "?problem=closed");
        }

        db.Statements.AddRange(Enumerable.Range(0, count).Select(index => new Statement
        {
            Id = new(new Guid(RandomNumberGenerator.GetBytes(16))),
            DialogueId = scope.DialogueId,
            Number = last + index + 1,
            Text = LocalizedText.Of(scope.Dialogue.Languages.Select(language => KeyValuePair.Create(language, lines[language][index]))),
            Language = scope.Dialogue.FallbackLanguage,
            State = StatementState.Accepted,
            IsSeed = true,
            IsMeta = form["meta"] == "yes",
        }));
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(Base(scope) + "?notice=seeded#accepted");
    }

    /// <summary>Shows a statement to everybody. Words in other languages are added; what the citizen wrote stays as it was written.</summary>
    private static async Task<IResult> AcceptAsync(StatementId statement, DialogueScope scope, Db db, TimeProvider clock, HttpRequest request, CancellationToken cancellationToken)
    {
        Statement? found = await db.Statements.SingleOrDefaultAsync(s => s.Id == statement && s.DialogueId == scope.DialogueId, cancellationToken);
        if (found is null)
        {
            return Results.NotFound();
        }

        if (await IsClosedAsync(scope, db, cancellationToken))
        {
            return Results.Redirect(Base(scope) + "?problem=closed");
        }

        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        LocalizedText given = Words(form, "text", scope, StatementDesk.MostLetters);
        found.Text = LocalizedText.Of(scope.Dialogue.Languages.Select(language => KeyValuePair.Create(
            language, language == found.Language ? found.Text.Exactly(language) ?? "" : given.Exactly(language) ?? found.Text.Exactly(language) ?? "")).Where(pair => pair.Value.Length > 0));
        found.IsMeta = form["meta"] == "yes";
        found.Number = found.Number > 0 ? found.Number : await LastNumberAsync(scope, db, cancellationToken) + 1;
        (found.State, found.Reason) = (StatementState.Accepted, null);
        Note(db, scope, clock, "statement.accepted", found);
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(Base(scope) + "?notice=accepted#waiting");
    }

    /// <summary>Does not show a statement, or shows it no longer; votes on it are kept and do not count.</summary>
    private static async Task<IResult> RejectAsync(StatementId statement, DialogueScope scope, Db db, TimeProvider clock, HttpRequest request, CancellationToken cancellationToken)
    {
        Statement? found = await db.Statements.SingleOrDefaultAsync(s => s.Id == statement && s.DialogueId == scope.DialogueId, cancellationToken);
        if (found is null)
        {
            return Results.NotFound();
        }

        if (await IsClosedAsync(scope, db, cancellationToken))
        {
            return Results.Redirect(Base(scope) + "?problem=closed");
        }

        if (!Enum.TryParse((await request.ReadFormAsync(cancellationToken))["reason"], out RejectionReason reason) || !Enum.IsDefined(reason))
        {
            return Results.Redirect(Base(scope) + "?problem=reason");
        }

        (found.State, found.Reason) = (StatementState.Rejected, reason);
        Note(db, scope, clock, "statement.rejected", found);
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(Base(scope) + "?notice=rejected#waiting");
    }

    private static void Note(Db db, DialogueScope scope, TimeProvider clock, string code, Statement statement) => db.Journal.Add(new JournalEntry
    {
        At = clock.GetUtcNow(),
        DialogueId = scope.DialogueId,
        StaffId = scope.Staff.Id,
        Code = code,
        Facts = string.Create(CultureInfo.InvariantCulture, $"{{\"statement\":\"{statement.Id}\",\"reason\":\"{statement.Reason}\"}}"),
    });

    public static Task<bool> IsClosedAsync(DialogueScope scope, Db db, CancellationToken cancellationToken) =>
        db.StatementVotes.AnyAsync(vote => vote.DialogueId == scope.DialogueId && vote.State == BallotState.Closed, cancellationToken);

    public static async Task<int> LastNumberAsync(DialogueScope scope, Db db, CancellationToken cancellationToken) =>
        await db.Statements.Where(statement => statement.DialogueId == scope.DialogueId).MaxAsync(statement => (int?)statement.Number, cancellationToken) ?? 0;

    private static LocalizedText Words(IFormCollection form, string field, DialogueScope scope, int most) => LocalizedText.Of(scope.Dialogue.Languages
        .Select(language => KeyValuePair.Create(language, form[field + "." + language].ToString().Trim())).Where(pair => pair.Value.Length > 0 && pair.Value.Length <= most));
}

/// <summary>What the organiser's page of statements shows.</summary>
/// <param name="Vote">The vote; null before it has a topic.</param>
/// <param name="People">People who have voted, in steps of ten.</param>
/// <param name="Twins">For waiting statements those that may say the same, the most alike first.</param>
/// <param name="Routing">What citizens are shown; null while the vote is not open.</param>
public sealed record ModerateStatementsModel(
    DialogueScope Scope, StatementVote? Vote, IReadOnlyList<Statement> Waiting, IReadOnlyList<Statement> Accepted, IReadOnlyList<Statement> Rejected, int People,
    IReadOnlyDictionary<StatementId, IReadOnlyList<Statement>> Twins, RoutingLook? Routing, string Problem, string Notice, IReadOnlyList<SheetProblem> FileProblems);

/// <summary>Whether citizens are shown what was meant for them.</summary>
/// <param name="Finding">Since the vote opened.</param>
/// <param name="Unready">Statements that too few people came to.</param>
public sealed record RoutingLook(RoutingFinding Finding, int Unready);
