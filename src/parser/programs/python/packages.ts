/** Python's packages: which are known, and which of their functions do what to files. From their documentation. */
import { rolesIn, wordsIn } from '../tables.ts';

/** They open what they are given, and nothing else; none keeps things elsewhere. */
export const KNOWN_PACKAGES = wordsIn(`
  __future__ abc argparse array ast atexit base64 binascii bisect builtins bz2 calendar cmath codecs collections concurrent configparser contextlib copy csv
  dataclasses datetime decimal difflib enum errno fileinput fnmatch fractions functools gc getopt glob gzip hashlib heapq html inspect io itertools json
  linecache locale logging lzma math multiprocessing numbers operator optparse os pathlib pickle platform posixpath pprint queue random re secrets shutil signal
  statistics string struct sys tarfile tempfile textwrap threading time timeit tokenize traceback types typing typing_extensions unicodedata uuid warnings weakref
  xml zipfile zlib zoneinfo
  anndata Bio click colorama cycler cyvcf2 dateutil docopt geopandas h5py igraph imageio joblib leidenalg liana loguru loompy lxml matplotlib mpl_toolkits natsort
  networkx nibabel numba numexpr numpy openpyxl packaging pandas patsy PIL plotly polars pyarrow pyBigWig pybedtools pyfaidx pyopenms pyranges pysam pytz rdkit
  rich ruamel scanpy scipy screed scrublet seaborn shapely skimage sklearn soundfile statsmodels tabulate termcolor tifffile toml tomllib tqdm umap upsetplot vcf
  xarray xlsxwriter xopen yaml zstandard`);

/** They ask a server, or speak with one. */
export const NETWORK_PACKAGES = wordsIn(
  'aiohttp boto3 botocore ftplib httpx http imaplib paramiko poplib psycopg2 pymongo pymysql redis requests smtplib socket sqlalchemy ssl telnetlib urllib urllib3 wget xmlrpc Bio.Entrez',
);

/** They run other programs, or code that is not seen. */
export const RUNS =
  /^(subprocess|pexpect|sh|plumbum|invoke|fabric|rpy2|snakemake|nextflow)(\.|$)|^os\.(system|popen|exec\w*|spawn\w*|posix_spawn\w*|fork\w*|startfile)$|^pty\.|^IPython\.|^(asyncio\.create_subprocess\w*)$|^pysam\.(?![A-Z]|tabix_\w+$)\w+$|^Bio\.(\w+\.)?Applications\.|^pybedtools\.(?!BedTool$)/;

export const DYNAMIC =
  /^builtins\.(eval|exec|compile|__import__|globals|locals|breakpoint)$|^importlib(\.|$)|^runpy\.|^imp\.|^ctypes(\.|$)|^cffi(\.|$)|^mmap(\.|$)|^marshal\.|^shelve\.|^dbm(\.|$)|^os\.(chdir|fchdir|chroot|fdopen|open|pipe|dup2?|write|sendfile|mkfifo|setxattr)$|^sys\.(path|modules|meta_path|settrace|setprofile)(\.|$)|^contextlib\.chdir$|^site\.|^pkg_resources|^dill\.|^cloudpickle\.|^(duckdb|dask|pyspark|ray|vaex|modin|datatable|tables|zarr\.(hierarchy|storage))(\.|$)|^code\.|^inspect\.(getsource\w*|getfile|stack)$/;

export const FILE_FUNCTIONS = rolesIn(`
  mode 0 file|name|filename|fileobj: builtins.open io.open codecs.open gzip.open bz2.open lzma.open gzip.GzipFile bz2.BZ2File lzma.LZMAFile xopen.xopen io.FileIO tarfile.open tarfile.TarFile zipfile.ZipFile zstandard.open soundfile.SoundFile
  mode 0 name: h5py.File loompy.connect
  mode 0 filename|filepath_or_object .bai .csi .crai: pysam.AlignmentFile pysam.Samfile
  mode 0 filename .tbi .csi: pysam.VariantFile cyvcf2.VCF
  mode 0 path: pyBigWig.open pandas.ExcelWriter zarr.open zarr.open_group zarr.open_array
  read 0 filename .fai .gzi: pysam.FastaFile pysam.Fastafile pyfaidx.Fasta
  change 0 filename: pyfaidx.Faidx
  read 0 filename .tbi .csi: pysam.TabixFile
  read 0 filename|file: pysam.FastxFile pysam.FastqFile linecache.getline linecache.getlines
  change 0 filename: pysam.tabix_index pysam.tabix_compress pysam.faidx pysam.index
  change 0 -: sqlite3.connect os.remove os.unlink os.truncate os.chmod os.chown os.utime os.rmdir os.removedirs shutil.rmtree shutil.chown
  change 0 -: os.rename os.renames os.replace shutil.move os.link os.symlink
  over 1 dst: os.rename os.renames os.replace shutil.move os.link os.symlink
  read 0 src: shutil.copy shutil.copy2 shutil.copyfile shutil.copytree shutil.copymode shutil.copystat
  over 1 dst: shutil.copy shutil.copy2 shutil.copyfile shutil.copytree shutil.copymode shutil.copystat
  read 1 -: shutil.make_archive shutil.unpack_archive
  unknown 0 -: shutil.make_archive shutil.unpack_archive
  folder 0 name|path: os.makedirs os.mkdir
  list 0 path|top: os.listdir os.scandir os.walk os.fwalk
  list 0 pathname: glob.glob glob.iglob
  ask 0 path|filename: os.path.exists os.path.isfile os.path.isdir os.path.islink os.path.lexists os.path.getsize os.path.getmtime os.path.getctime os.path.getatime os.stat os.lstat os.access os.path.samefile shutil.which shutil.disk_usage filecmp.cmp
  read 0 filename: logging.config.fileConfig configparser.ConfigParser.read
  change 0 filename: logging.FileHandler logging.handlers.RotatingFileHandler
  write 1 filename|fp|file|f|stream|handle: pickle.dump joblib.dump json.dump yaml.dump yaml.safe_dump toml.dump Bio.SeqIO.write Bio.AlignIO.write Bio.Phylo.write Bio.SearchIO.write networkx.write_graphml networkx.write_gml networkx.write_edgelist nibabel.save plotly.io.write_html plotly.io.write_image
  read 0 filename|fp|handle|file|f|stream: pickle.load joblib.load json.load yaml.load yaml.safe_load toml.load tomllib.load Bio.SeqIO.parse Bio.SeqIO.read Bio.SeqIO.to_dict Bio.AlignIO.read Bio.AlignIO.parse Bio.Phylo.read Bio.Phylo.parse
  read 0 filename: Bio.SeqIO.index
  change 0 index_filename: Bio.SeqIO.index_db
  write 0 file|fname|filename|path|target|fp|uri: numpy.save numpy.savez numpy.savez_compressed numpy.savetxt scipy.io.mmwrite scipy.io.savemat scipy.sparse.save_npz matplotlib.pyplot.savefig matplotlib.image.imsave skimage.io.imsave imageio.imwrite imageio.mimsave tifffile.imwrite tifffile.imsave soundfile.write pyarrow.feather.write_feather openpyxl.writer.excel.save_workbook matplotlib.backends.backend_pdf.PdfPages xlsxwriter.Workbook pyBigWig.openw tifffile.TiffWriter
  write 1 where|path: pyarrow.parquet.write_table pyarrow.csv.write_csv
  read 0 filepath_or_buffer|path|path_or_buf|io|source|fname|file|filename: pandas.read_csv pandas.read_table pandas.read_fwf pandas.read_excel pandas.ExcelFile pandas.read_json pandas.read_parquet pandas.read_feather pandas.read_pickle pandas.read_html pandas.read_xml pandas.read_stata pandas.read_orc pandas.read_hdf numpy.loadtxt numpy.genfromtxt numpy.fromfile numpy.load polars.read_csv polars.scan_csv polars.read_parquet polars.scan_parquet scanpy.read_h5ad anndata.read_h5ad geopandas.read_file PIL.Image.open openpyxl.load_workbook xarray.open_dataset pybedtools.BedTool vcf.Reader matplotlib.image.imread skimage.io.imread tifffile.imread
  change 0 path|path_or_buf|filename: pandas.HDFStore numpy.memmap numpy.lib.format.open_memmap
  mode 0 files: fileinput.input fileinput.FileInput
`);

/** Of whatever they are called on, which is no name. */
export const FILE_METHODS = rolesIn(`
  write 0 path_or_buf|path|fname|filename|excel_writer|file|buf|fp|store|where: to_csv to_parquet to_json to_excel to_feather to_pickle to_stata to_html to_latex to_markdown to_xml to_orc to_file to_netcdf to_string write_csv write_parquet write_json write_excel write_ipc write_ndjson sink_csv sink_parquet savefig tofile write_h5ad write_loom write_zarr write_html write_image write_png print_figure export_graphviz saveas
  change 0 path_or_buf|store|path: to_hdf to_zarr
  unknown 0 -: extractall extract unpack
  unknown 1 path: extractall extract
  read 0 filename|path: read_file parse_file load_file from_file read_table
  write 0 filename|filename_or_obj|fname|path|fp|file: save write dump save_model saveWeights
  read 0 filenames|filename|path: read load fromfile parse
`);

/** Of names of files: pathlib. */
export const PATH_METHODS = rolesIn(`
  mode self -: open
  read self -: read_text read_bytes readlink
  write self -: write_text write_bytes
  ask self -: exists is_file is_dir is_symlink stat lstat samefile owner
  list self -: iterdir glob rglob walk
  folder self -: mkdir
  change self -: unlink rename touch chmod rmdir symlink_to hardlink_to link_to lchmod
  over 0 target: rename
  change 0 target: symlink_to hardlink_to link_to
`);

/** They do nothing to a file, whatever they are given: they speak to people, or work on texts, numbers and tables. */
export const SPEAKS =
  /^(builtins\.(print|input|len|range|enumerate|zip|isinstance|issubclass|hasattr|callable|min|max|sum|abs|round|divmod|pow|ord|chr|hex|bin|oct|id|hash|repr|ascii|type|bool|int|float|complex|any|all|help|dir|format|slice|memoryview|super|object|property|staticmethod|classmethod|iter|next|vars|setattr|delattr|\w*(Error|Exception|Warning|Exit|Interrupt|Iteration))|logging\.(?!FileHandler|basicConfig|config|handlers)\w+(\.\w+)*|warnings\.\w+|sys\.(exit|stdout|stderr|stdin|setrecursionlimit|getsizeof|intern|exc_info|getrecursionlimit)(\.\w+)*|(argparse|optparse|click|textwrap|math|cmath|random|time|datetime|re|string|struct|itertools|operator|functools|collections|heapq|bisect|statistics|decimal|fractions|numbers|calendar|typing|types|enum|dataclasses|abc|copy|pprint|traceback|unicodedata|difflib|hashlib|base64|binascii|uuid|platform|locale|signal|atexit|gc|errno|contextlib|html|fnmatch|colorama|termcolor|tabulate|natsort|loguru|tqdm|rich|array|queue|zlib|secrets|dateutil|pytz|zoneinfo|cycler|packaging)\.(?!File\b)\w+(\.\w+)*|csv\.\w+|io\.(StringIO|BytesIO|TextIOWrapper|BufferedReader|BufferedWriter)|json\.(dumps|loads)|yaml\.(dump_all|safe_loader|SafeLoader|Loader|FullLoader)|ast\.literal_eval|os\.(cpu_count|getpid|getuid|linesep|sep|getlogin|umask|nice|uname|sched_getaffinity|isatty|_exit|strerror)|matplotlib\.(use|rc|rcParams|style\.use|colors|cm|ticker|patches|lines|gridspec|transforms|dates)(\.\w+)*|matplotlib\.pyplot\.(?!savefig|imread|imsave|style)\w+(\.\w+)*|seaborn\.(?!load_dataset)\w+|numpy\.(?!save|load|from(file|txt|regex)|genfromtxt|memmap|tofile|DataSource|lib)\w+(\.\w+)*|pandas\.(?!read|HDFStore|Excel|eval|io)\w+(\.\w+)*)$/;

/** Methods of texts, lists, tables, plots and open files: none opens what it is given. */
export const PLAIN_METHODS = wordsIn(`
  append extend add update setdefault pop popitem remove discard clear copy count index insert reverse sort keys values items get union intersection difference
  symmetric_difference issubset issuperset join split rsplit splitlines partition rpartition strip lstrip rstrip lower upper title capitalize casefold swapcase
  startswith endswith removeprefix removesuffix replace find rfind isdigit isalpha isalnum isnumeric isspace isupper islower zfill ljust rjust center format
  format_map encode decode translate maketrans expandtabs read readline readlines writelines writerow writerows writeheader flush close seek tell fileno isatty
  truncate readable writable seekable detach getvalue getvalues group groups groupdict start end span match search fullmatch findall finditer sub subn
  info warning warn error debug critical exception log setLevel addHandler setFormatter add_argument add_argument_group add_mutually_exclusive_group
  add_subparsers add_parser set_defaults print_help print_usage format_help add_option set_usage exit set_title set_xlabel set_ylabel set_zlabel set_label text
  annotate suptitle legend set_xticklabels set_yticklabels set_xticks set_yticks set_xlim set_ylim set_xscale set_yscale tick_params grid plot scatter bar barh
  hist boxplot violinplot imshow pcolormesh fill_between axhline axvline axvspan axhspan errorbar step stackplot pie heatmap colorbar add_subplot subplots
  add_axes subplots_adjust tight_layout set_size_inches set_facecolor invert_yaxis invert_xaxis set_visible twinx add_patch add_trace update_layout update_xaxes
  update_yaxes groupby agg aggregate apply applymap map transform merge concat assign astype drop drop_duplicates dropna fillna isin isna isnull notna notnull
  rename reset_index set_index reindex sort_values sort_index query pivot pivot_table melt stack unstack filter select with_columns head tail sample nunique unique
  value_counts mean median std var min max sum cumsum quantile describe corr mode rank round clip where mask loc iloc at iat explode to_dict to_list tolist to_numpy
  to_frame to_records itertuples iterrows iter_rows rows row_count col sub contains str len fit predict fit_transform predict_proba score most_common total_seconds
  strftime strptime isoformat fetch pileup getrname get_reference_name get_tid references header close writestr namelist getnames getmembers infolist add_run
  lookup upper_bound as_posix is_absolute as_integer_ratio bit_length elements appendleft popleft rotate most_frequent put get_nowait join_thread start_new terminate
  set_postfix set_description set_description_str main acquire release is_alive is_set wait result done submit shutdown imap imap_unordered starmap map_async
  nlargest nsmallest combine_first shift diff pct_change rolling expanding resample ewm interpolate duplicated idxmax idxmin all any abs add_suffix add_prefix
  get_group ngroup cumcount first last nth size items iteritems pipe squeeze swaplevel droplevel get_level_values flatten ravel reshape transpose dot T view
  searchsorted argsort argmax argmin nonzero repeat take put_along cast alias over is_in lazy collect otherwise then when lit limit slice with_row_index
  set_index_cols var_names_make_unique obs_names_make_unique obs_vector seq translate reverse_complement complement ungap`);

/** By its name it opens what it is given. */
export const READS_BY_NAME =
  /(^|_)(read|load|open|scan|parse|import|fetch|imread|loadtxt|get_structure|retrieve)|Reader$|^from_\w*(file|path|csv|tsv|xls|excel|disk)/i;
export const WRITES_BY_NAME =
  /(^|_)(write|save|dump|export|store|put|upload|sink|append|to)(_|$)|(^|[a-z])(Writer|write|save)$|^(im|sv|mm)?(write|save)\w*$|^print_/;
/** Asked without a name it may look for files. */
export const SEARCHES_BY_NAME = /(^|_)(read|load|open|find|scan|glob|list|walk|run|main|discover|connect|exec|init|config)/i;
