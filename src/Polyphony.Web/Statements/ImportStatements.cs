using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sheets;
using Polyphony.Storage;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Pools;
using Polyphony.Storage.Statements;
using Polyphony.Web.Audiences;
using Polyphony.Web.Recruitment;

namespace Polyphony.Web.Statements;

/// <summary>Takes statements of the organisers from a file, Polis' <c>comments.csv</c> for example: everything is shown before anything counts.</summary>
internal static class ImportStatements
{
    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/statements/upload", UploadAsync).TakesFile();
        organiser.MapGet("/statements/uploads/{upload:guid}", PreviewAsync);
        organiser.MapPost("/statements/uploads/{upload:guid}/confirm", ConfirmAsync).TakesForm();
    }

    private static string Base(DialogueScope scope) => $"/organise/{scope.Dialogue.Slug}/statements";

    private static async Task<IResult> UploadAsync(IFormFile? file, DialogueScope scope, Db db, RoutingWatches watches, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await ModerateStatements.IsClosedAsync(scope, db, cancellationToken))
        {
            return Results.Redirect(Base(scope) + "?problem=closed");
        }

        (string name, byte[] content, Sheet? sheet, IReadOnlyList<SheetProblem> problems) = await UploadedSheet.ReadAsync(file, cancellationToken);
        if (sheet is not null)
        {
            problems = (await ReadAsync(db, scope, sheet, cancellationToken)).Problems;
        }

        if (sheet is null || problems.Count > 0)
        {
            return await ModerateStatements.PageAsync(scope, db, watches, "", "", problems, cancellationToken);
        }

        StagedUpload staged = await UploadedSheet.StageAsync(db, scope, null, UploadKind.Statements, name, content, "", clock, cancellationToken);
        return Results.Redirect($"{Base(scope)}/uploads/{staged.Id}");
    }

    private static async Task<IResult> PreviewAsync(Guid upload, DialogueScope scope, Db db, RoutingWatches watches, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await UploadedSheet.FindAsync(db, scope, null, UploadKind.Statements, upload, clock, cancellationToken) is not { } found)
        {
            return await ModerateStatements.PageAsync(scope, db, watches, "", UploadedSheet.Gone, [], cancellationToken);
        }

        StatementReading reading = await ReadAsync(db, scope, found.Sheet, cancellationToken);
        return new RazorComponentResult<StatementsPreviewPage>(new { Scope = scope, found.Upload, Reading = reading })
        {
            StatusCode = reading.Problems.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
        };
    }

    private static async Task<IResult> ConfirmAsync(Guid upload, DialogueScope scope, Db db, RoutingWatches watches, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await ModerateStatements.IsClosedAsync(scope, db, cancellationToken))
        {
            return Results.Redirect(Base(scope) + "?problem=closed");
        }

        if (await UploadedSheet.FindAsync(db, scope, null, UploadKind.Statements, upload, clock, cancellationToken) is not { } found)
        {
            return await ModerateStatements.PageAsync(scope, db, watches, "", UploadedSheet.Gone, [], cancellationToken);
        }

        // Statements may have come in since the file was looked at: it is read once more against them.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        StatementReading reading = await ReadAsync(db, scope, found.Sheet, cancellationToken);
        if (reading.Problems.Count > 0)
        {
            return Results.Redirect($"{Base(scope)}/uploads/{upload}");
        }

        int last = await ModerateStatements.LastNumberAsync(scope, db, cancellationToken);
        db.Statements.AddRange(reading.Statements.Select((read, index) => new Statement
        {
            Id = new(new Guid(RandomNumberGenerator.GetBytes(16))),
            DialogueId = scope.DialogueId,
            Number = last + index + 1,
            Text = LocalizedText.Of(read.Texts),
            Language = scope.Dialogue.Languages[0],
            State = StatementState.Accepted,
            IsSeed = true,
            IsMeta = read.IsMeta,
        }));
        db.StagedUploads.Remove(found.Upload);
        db.Journal.Add(new JournalEntry
        {
            At = clock.GetUtcNow(),
            DialogueId = scope.DialogueId,
            StaffId = scope.Staff.Id,
            Code = "statements.imported",
            Facts = string.Create(CultureInfo.InvariantCulture, $"{{\"statements\":{reading.Statements.Count}}}"),
        });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return Results.Redirect(Base(scope) + "?notice=seeded#accepted");
    }

    /// <summary>Reads, and against the statements that are there already.</summary>
    private static async Task<StatementReading> ReadAsync(Db db, DialogueScope scope, Sheet sheet, CancellationToken cancellationToken)
    {
        StatementReading reading = StatementSheet.Read(sheet, scope.Dialogue.Languages, StatementDesk.MostLetters);
        if (reading.Problems.Count > 0)
        {
            return reading;
        }

        string language = scope.Dialogue.Languages[0];
        List<Statement> there = await db.Statements.AsNoTracking().Where(statement => statement.DialogueId == scope.DialogueId).ToListAsync(cancellationToken);
        HashSet<string> known = [.. there.Select(statement => statement.Text.Exactly(language)).OfType<string>().Select(CellText.Key)];
        List<SheetProblem> problems = [.. reading.Statements.Where(read => known.Contains(CellText.Key(read.Texts[language])))
            .Select(read => new SheetProblem("statement-known", sheet.File, read.Row, StatementSheet.Body, SheetProblem.Shorten(read.Texts[language])))];
        int most = ModerateStatements.MostStatements - there.Count(statement => statement.Number > 0);
        if (reading.Statements.Count > most)
        {
            problems.Add(new SheetProblem("too-many-rows", sheet.File, Expected: most.ToString(CultureInfo.InvariantCulture)));
        }

        return problems.Count == 0 ? reading : new StatementReading([], 0, [], problems);
    }
}
