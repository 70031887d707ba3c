using System.Diagnostics.CodeAnalysis;

namespace Polyphony.Dialogues;

/// <summary>An identifier that wraps one version-7 GUID; what storage and routes need to know of it.</summary>
/// <typeparam name="TSelf">The identifier's own type.</typeparam>
public interface IEntityId<TSelf> where TSelf : struct, IEntityId<TSelf>
{
    /// <summary>The wrapped value.</summary>
    Guid Value { get; }

    /// <summary>Wraps a value.</summary>
    /// <param name="value">The value, version 7 when it was made here.</param>
    /// <returns>The identifier.</returns>
    static abstract TSelf From(Guid value);
}

/// <summary>A dialogue.</summary>
/// <param name="Value">The wrapped value; <see cref="Guid.Empty"/> stands for none.</param>
public readonly record struct DialogueId(Guid Value) : IEntityId<DialogueId>
{
    /// <inheritdoc/>
    public static DialogueId From(Guid value) => new(value);

    /// <summary>Reads the 32 hexadecimal digits of a route; declared on the type itself because inherited ones are not bound.</summary>
    /// <param name="text">The text of the route value.</param>
    /// <param name="id">The identifier, or the default.</param>
    /// <returns>Whether the text was an identifier.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out DialogueId id)
    {
        bool parsed = Guid.TryParseExact(text, "N", out Guid value);
        id = new(value);
        return parsed;
    }

    /// <summary>The 32 lower-case hexadecimal digits used in addresses.</summary>
    /// <returns>The digits.</returns>
    public override string ToString() => Value.ToString("N");
}

/// <summary>A site of a dialogue.</summary>
/// <param name="Value">The wrapped value; <see cref="Guid.Empty"/> stands for none.</param>
public readonly record struct SiteId(Guid Value) : IEntityId<SiteId>
{
    /// <inheritdoc/>
    public static SiteId From(Guid value) => new(value);

    /// <summary>Reads the 32 hexadecimal digits of a route; declared on the type itself because inherited ones are not bound.</summary>
    /// <param name="text">The text of the route value.</param>
    /// <param name="id">The identifier, or the default.</param>
    /// <returns>Whether the text was an identifier.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out SiteId id)
    {
        bool parsed = Guid.TryParseExact(text, "N", out Guid value);
        id = new(value);
        return parsed;
    }

    /// <summary>The 32 lower-case hexadecimal digits used in addresses.</summary>
    /// <returns>The digits.</returns>
    public override string ToString() => Value.ToString("N");
}

/// <summary>A criterion of a pool.</summary>
/// <param name="Value">The wrapped value; <see cref="Guid.Empty"/> stands for none.</param>
public readonly record struct CriterionId(Guid Value) : IEntityId<CriterionId>
{
    /// <inheritdoc/>
    public static CriterionId From(Guid value) => new(value);

    /// <summary>Reads the 32 hexadecimal digits of a route; declared on the type itself because inherited ones are not bound.</summary>
    /// <param name="text">The text of the route value.</param>
    /// <param name="id">The identifier, or the default.</param>
    /// <returns>Whether the text was an identifier.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out CriterionId id)
    {
        bool parsed = Guid.TryParseExact(text, "N", out Guid value);
        id = new(value);
        return parsed;
    }

    /// <summary>The 32 lower-case hexadecimal digits used in addresses.</summary>
    /// <returns>The digits.</returns>
    public override string ToString() => Value.ToString("N");
}

/// <summary>A person in the identity vault.</summary>
/// <param name="Value">The wrapped value; <see cref="Guid.Empty"/> stands for none.</param>
public readonly record struct PersonId(Guid Value) : IEntityId<PersonId>
{
    /// <inheritdoc/>
    public static PersonId From(Guid value) => new(value);

    /// <summary>Reads the 32 hexadecimal digits of a route; declared on the type itself because inherited ones are not bound.</summary>
    /// <param name="text">The text of the route value.</param>
    /// <param name="id">The identifier, or the default.</param>
    /// <returns>Whether the text was an identifier.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out PersonId id)
    {
        bool parsed = Guid.TryParseExact(text, "N", out Guid value);
        id = new(value);
        return parsed;
    }

    /// <summary>The 32 lower-case hexadecimal digits used in addresses.</summary>
    /// <returns>The digits.</returns>
    public override string ToString() => Value.ToString("N");
}

/// <summary>A member of a pool.</summary>
/// <param name="Value">The wrapped value; <see cref="Guid.Empty"/> stands for none.</param>
public readonly record struct PoolMemberId(Guid Value) : IEntityId<PoolMemberId>
{
    /// <inheritdoc/>
    public static PoolMemberId From(Guid value) => new(value);

    /// <summary>Reads the 32 hexadecimal digits of a route; declared on the type itself because inherited ones are not bound.</summary>
    /// <param name="text">The text of the route value.</param>
    /// <param name="id">The identifier, or the default.</param>
    /// <returns>Whether the text was an identifier.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out PoolMemberId id)
    {
        bool parsed = Guid.TryParseExact(text, "N", out Guid value);
        id = new(value);
        return parsed;
    }

    /// <summary>The 32 lower-case hexadecimal digits used in addresses.</summary>
    /// <returns>The digits.</returns>
    public override string ToString() => Value.ToString("N");
}

/// <summary>A lottery over panels, with its draw.</summary>
/// <param name="Value">The wrapped value; <see cref="Guid.Empty"/> stands for none.</param>
public readonly record struct LotteryId(Guid Value) : IEntityId<LotteryId>
{
    /// <inheritdoc/>
    public static LotteryId From(Guid value) => new(value);

    /// <summary>Reads the 32 hexadecimal digits of a route; declared on the type itself because inherited ones are not bound.</summary>
    /// <param name="text">The text of the route value.</param>
    /// <param name="id">The identifier, or the default.</param>
    /// <returns>Whether the text was an identifier.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out LotteryId id)
    {
        bool parsed = Guid.TryParseExact(text, "N", out Guid value);
        id = new(value);
        return parsed;
    }

    /// <summary>The 32 lower-case hexadecimal digits used in addresses.</summary>
    /// <returns>The digits.</returns>
    public override string ToString() => Value.ToString("N");
}

/// <summary>A participant of a dialogue.</summary>
/// <param name="Value">The wrapped value; <see cref="Guid.Empty"/> stands for none.</param>
public readonly record struct ParticipantId(Guid Value) : IEntityId<ParticipantId>
{
    /// <inheritdoc/>
    public static ParticipantId From(Guid value) => new(value);

    /// <summary>Reads the 32 hexadecimal digits of a route; declared on the type itself because inherited ones are not bound.</summary>
    /// <param name="text">The text of the route value.</param>
    /// <param name="id">The identifier, or the default.</param>
    /// <returns>Whether the text was an identifier.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out ParticipantId id)
    {
        bool parsed = Guid.TryParseExact(text, "N", out Guid value);
        id = new(value);
        return parsed;
    }

    /// <summary>The 32 lower-case hexadecimal digits used in addresses.</summary>
    /// <returns>The digits.</returns>
    public override string ToString() => Value.ToString("N");
}

/// <summary>A version of a dialogue's seating plan.</summary>
/// <param name="Value">The wrapped value; <see cref="Guid.Empty"/> stands for none.</param>
public readonly record struct SeatingPlanId(Guid Value) : IEntityId<SeatingPlanId>
{
    /// <inheritdoc/>
    public static SeatingPlanId From(Guid value) => new(value);

    /// <summary>Reads the 32 hexadecimal digits of a route; declared on the type itself because inherited ones are not bound.</summary>
    /// <param name="text">The text of the route value.</param>
    /// <param name="id">The identifier, or the default.</param>
    /// <returns>Whether the text was an identifier.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out SeatingPlanId id)
    {
        bool parsed = Guid.TryParseExact(text, "N", out Guid value);
        id = new(value);
        return parsed;
    }

    /// <summary>The 32 lower-case hexadecimal digits used in addresses.</summary>
    /// <returns>The digits.</returns>
    public override string ToString() => Value.ToString("N");
}

/// <summary>A session of the agenda.</summary>
/// <param name="Value">The wrapped value; <see cref="Guid.Empty"/> stands for none.</param>
public readonly record struct SessionId(Guid Value) : IEntityId<SessionId>
{
    /// <inheritdoc/>
    public static SessionId From(Guid value) => new(value);

    /// <summary>Reads the 32 hexadecimal digits of a route; declared on the type itself because inherited ones are not bound.</summary>
    /// <param name="text">The text of the route value.</param>
    /// <param name="id">The identifier, or the default.</param>
    /// <returns>Whether the text was an identifier.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out SessionId id)
    {
        bool parsed = Guid.TryParseExact(text, "N", out Guid value);
        id = new(value);
        return parsed;
    }

    /// <summary>The 32 lower-case hexadecimal digits used in addresses.</summary>
    /// <returns>The digits.</returns>
    public override string ToString() => Value.ToString("N");
}

/// <summary>A question of a session.</summary>
/// <param name="Value">The wrapped value; <see cref="Guid.Empty"/> stands for none.</param>
public readonly record struct QuestionId(Guid Value) : IEntityId<QuestionId>
{
    /// <inheritdoc/>
    public static QuestionId From(Guid value) => new(value);

    /// <summary>Reads the 32 hexadecimal digits of a route; declared on the type itself because inherited ones are not bound.</summary>
    /// <param name="text">The text of the route value.</param>
    /// <param name="id">The identifier, or the default.</param>
    /// <returns>Whether the text was an identifier.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out QuestionId id)
    {
        bool parsed = Guid.TryParseExact(text, "N", out Guid value);
        id = new(value);
        return parsed;
    }

    /// <summary>The 32 lower-case hexadecimal digits used in addresses.</summary>
    /// <returns>The digits.</returns>
    public override string ToString() => Value.ToString("N");
}

/// <summary>An answer option of a question.</summary>
/// <param name="Value">The wrapped value; <see cref="Guid.Empty"/> stands for none.</param>
public readonly record struct OptionId(Guid Value) : IEntityId<OptionId>
{
    /// <inheritdoc/>
    public static OptionId From(Guid value) => new(value);

    /// <summary>Reads the 32 hexadecimal digits of a route; declared on the type itself because inherited ones are not bound.</summary>
    /// <param name="text">The text of the route value.</param>
    /// <param name="id">The identifier, or the default.</param>
    /// <returns>Whether the text was an identifier.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out OptionId id)
    {
        bool parsed = Guid.TryParseExact(text, "N", out Guid value);
        id = new(value);
        return parsed;
    }

    /// <summary>The 32 lower-case hexadecimal digits used in addresses.</summary>
    /// <returns>The digits.</returns>
    public override string ToString() => Value.ToString("N");
}

/// <summary>A published version of the results.</summary>
/// <param name="Value">The wrapped value; <see cref="Guid.Empty"/> stands for none.</param>
public readonly record struct ReleaseId(Guid Value) : IEntityId<ReleaseId>
{
    /// <inheritdoc/>
    public static ReleaseId From(Guid value) => new(value);

    /// <summary>Reads the 32 hexadecimal digits of a route; declared on the type itself because inherited ones are not bound.</summary>
    /// <param name="text">The text of the route value.</param>
    /// <param name="id">The identifier, or the default.</param>
    /// <returns>Whether the text was an identifier.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out ReleaseId id)
    {
        bool parsed = Guid.TryParseExact(text, "N", out Guid value);
        id = new(value);
        return parsed;
    }

    /// <summary>The 32 lower-case hexadecimal digits used in addresses.</summary>
    /// <returns>The digits.</returns>
    public override string ToString() => Value.ToString("N");
}

/// <summary>A statement that people vote on. A citizen wrote it, perhaps: its identifier is random, so that it does not tell when.</summary>
/// <param name="Value">The wrapped value; <see cref="Guid.Empty"/> stands for none.</param>
public readonly record struct StatementId(Guid Value) : IEntityId<StatementId>
{
    /// <inheritdoc/>
    public static StatementId From(Guid value) => new(value);

    /// <summary>Reads the 32 hexadecimal digits of a route; declared on the type itself because inherited ones are not bound.</summary>
    /// <param name="text">The text of the route value.</param>
    /// <param name="id">The identifier, or the default.</param>
    /// <returns>Whether the text was an identifier.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out StatementId id)
    {
        bool parsed = Guid.TryParseExact(text, "N", out Guid value);
        id = new(value);
        return parsed;
    }

    /// <summary>The 32 lower-case hexadecimal digits used in addresses.</summary>
    /// <returns>The digits.</returns>
    public override string ToString() => Value.ToString("N");
}

/// <summary>A piece of long work.</summary>
/// <param name="Value">The wrapped value; <see cref="Guid.Empty"/> stands for none.</param>
public readonly record struct JobId(Guid Value) : IEntityId<JobId>
{
    /// <inheritdoc/>
    public static JobId From(Guid value) => new(value);

    /// <summary>Reads the 32 hexadecimal digits of a route; declared on the type itself because inherited ones are not bound.</summary>
    /// <param name="text">The text of the route value.</param>
    /// <param name="id">The identifier, or the default.</param>
    /// <returns>Whether the text was an identifier.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out JobId id)
    {
        bool parsed = Guid.TryParseExact(text, "N", out Guid value);
        id = new(value);
        return parsed;
    }

    /// <summary>The 32 lower-case hexadecimal digits used in addresses.</summary>
    /// <returns>The digits.</returns>
    public override string ToString() => Value.ToString("N");
}

/// <summary>A member of staff.</summary>
/// <param name="Value">The wrapped value; <see cref="Guid.Empty"/> stands for none.</param>
public readonly record struct StaffId(Guid Value) : IEntityId<StaffId>
{
    /// <inheritdoc/>
    public static StaffId From(Guid value) => new(value);

    /// <summary>Reads the 32 hexadecimal digits of a route; declared on the type itself because inherited ones are not bound.</summary>
    /// <param name="text">The text of the route value.</param>
    /// <param name="id">The identifier, or the default.</param>
    /// <returns>Whether the text was an identifier.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out StaffId id)
    {
        bool parsed = Guid.TryParseExact(text, "N", out Guid value);
        id = new(value);
        return parsed;
    }

    /// <summary>The 32 lower-case hexadecimal digits used in addresses.</summary>
    /// <returns>The digits.</returns>
    public override string ToString() => Value.ToString("N");
}
