namespace Polyphony.Web.Audiences;

internal static class AudiencesFeature
{
    public static void AddAudiences(this IServiceCollection services) => services.AddScoped<DialogueScope>();
}
